import { registry } from "@web/core/registry";

/** Open a file to print in a tab of its own, then go on in this one. */
function openFile(env, action) {
    window.open(action.params.url, "_blank");
    return action.params.next;
}

registry.category("actions").add("helpdesk_complaint.open_file", openFile);
