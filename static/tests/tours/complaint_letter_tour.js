import { registry } from "@web/core/registry";

// A letter that two people sign for, as its author and its approver see it.

// The preview has been printed so many times, or more.
const printed = (times) => {
    const fewer = [...Array(times).keys()].map((n) => `:not([data-prints='${n}'])`);
    return {
        trigger: `.o_complaint_preview${fewer.join("")} iframe`,
        timeout: 40000,
    };
};

registry.category("web_tour.tours").add("complaint_letter_write", {
    steps: () => [
        {
            trigger: ".o_form_statusbar button.btn-primary:contains('acknowledgement')",
            run: "click",
        },
        printed(1),
        {
            content: "The file is shown by the viewer, not only fetched",
            trigger: ".o_complaint_preview iframe",
            async run() {
                const frame = this.anchor;
                const until = Date.now() + 8000;
                while (!frame.contentDocument?.querySelector(".page .textLayer span")) {
                    if (Date.now() > until) {
                        throw new Error("the PDF is not shown");
                    }
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
            },
        },
        {
            trigger: "div[name='subject'] input",
            run: "edit Typed in the tour",
        },
        printed(2),
        {
            content: "What is typed is printed before anything is left or saved",
            trigger: "div[name='body'] .odoo-editor-editable",
            run: "editor Dear customer, typed by hand.",
        },
        printed(3),
        {
            trigger: "div[name='block_id'] input",
            run: "edit Tour block",
        },
        {
            trigger: ".ui-autocomplete a:contains('Tour block')",
            run: "click",
        },
        {
            trigger: "div[name='body'] .odoo-editor-editable:contains('From the block.')",
        },
        printed(4),
        {
            content: "Who may not send alone is not offered it",
            trigger:
                ".o_form_statusbar:not(:has(button[name='action_send'])) button.btn-primary[name='action_submit']",
            run: "click",
        },
        {
            content: "Back on the complaint, and told",
            trigger: ".o_notification:contains('Submitted')",
        },
        {
            trigger: ".o_notebook a[name='complaint_letters']",
            run: "click",
        },
        {
            trigger:
                "div[name='complaint_letter_ids'] .o_data_row .badge:contains('Submitted')",
        },
    ],
});

registry.category("web_tour.tours").add("complaint_letter_approve", {
    steps: () => [
        {
            trigger: ".o_facet_value:contains('I can approve')",
        },
        {
            trigger: ".o_data_row td:contains('Typed in the tour')",
            run: "click",
        },
        printed(1),
        {
            content: "What is approved can be read, not written",
            trigger: "div[name='body']:not(:has(.odoo-editor-editable))",
        },
        {
            trigger: "button[name='action_approve'].btn-primary",
            run: "click",
        },
        {
            content: "Back in the queue, which is empty",
            trigger: ".o_view_nocontent:contains('No letter waits for you')",
        },
    ],
});

registry.category("web_tour.tours").add("complaint_letter_send", {
    steps: () => [
        {
            trigger: ".o_notebook a[name='complaint_letters']",
            run: "click",
        },
        {
            trigger:
                "div[name='complaint_letter_ids'] .o_data_row:has(.badge:contains('Approved')) td[name='code']",
            run: "click",
        },
        {
            trigger: "button[name='action_send'].btn-primary",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('The letter is sent')",
        },
        {
            trigger:
                "div[name='complaint_letter_ids'] .o_data_row .badge:contains('Sent')",
        },
    ],
});
