import { registry } from "@web/core/registry";

/**
 * After a step taken on a letter's form: say what was done and go back to where the
 * person came from, or stay on the letter when it was opened by its address.
 */
async function letterDone(env, action) {
    env.services.notification.add(action.params.message, { type: "success" });
    // A dialog that asked for a reason closes first.
    await env.services.action.doAction({ type: "ir.actions.act_window_close" });
    try {
        await env.services.action.restore();
    } catch {
        return { type: "ir.actions.client", tag: "soft_reload" };
    }
}

registry.category("actions").add("helpdesk_complaint.letter_done", letterDone);
