import { registry } from "@web/core/registry";

// A colleague at the telephone, and one who reads what a customer wrote to a contact.

const PATIENCE = 60000;
const MESSAGE = ".o-mail-Message:contains('proof.txt')";

const type = (name, text, tag = "input") => ({
    trigger: `.o_complaint_entry div[name='${name}'] ${tag}`,
    run: `edit ${text}`,
});

registry.category("web_tour.tours").add("complaint_entry", {
    steps: () => [
        {
            content: "The name is where one begins to write",
            trigger: ".o_complaint_entry div[name='partner_name'] input",
            timeout: PATIENCE,
            run({ anchor }) {
                if (document.activeElement !== anchor) {
                    throw new Error("The name has not the focus");
                }
            },
        },
        type("partner_name", "Ada Neuve"),
        type("complaint_phone", "+33 4 76 00 00 01"),
        type("description", "Fees of 45 euros, and nobody told me.", "textarea"),
        type("complaint_request", "My 45 euros back.", "textarea"),
        {
            content: "The regime asks to invite who complains orally",
            trigger: ".o_complaint_entry .alert:contains('ACPR')",
        },
        {
            content: "Somebody with this telephone number complained before",
            trigger:
                ".o_complaint_entry .o_complaint_similar:contains('same person'):contains('Called before')",
        },
        {
            trigger: ".o_complaint_entry div[name='is_read_back'] input",
            run: "click",
        },
        {
            trigger: ".modal footer button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It is a complaint to qualify, and what is similar is proposed",
            trigger: ".o_form_view .o_complaint_similar:contains('Called before')",
            timeout: PATIENCE,
        },
        {
            trigger: ".o_complaint_similar button:contains('Same complaint')",
            run: "click",
        },
        {
            trigger: ".o_complaint_similar:contains('The same complaint as')",
        },
        {
            trigger: ".o_complaint_similar button:contains('It is not')",
            run: "click",
        },
        {
            trigger: ".o_complaint_similar button:contains('Not similar')",
            run: "click",
        },
        {
            content: "What was judged is not proposed again",
            trigger: ".o_form_view:not(:has(.o_complaint_similar))",
        },
    ],
});

registry.category("web_tour.tours").add("complaint_report_message", {
    steps: () => [
        {
            // The text of an e-mail is drawn apart from the page: its file tells it.
            content: "The e-mail of a customer on a contact",
            trigger: MESSAGE,
            timeout: PATIENCE,
            run: "hover && click .o-mail-Message-actions button[title='Expand']",
        },
        {
            trigger: ".o-mail-Message-moreMenu *:contains(/^Report as complaint$/)",
            run: "click",
        },
        {
            trigger: ".o_complaint_entry div[name='description'] textarea:value(Nobody answers me)",
            timeout: PATIENCE,
        },
        {
            trigger: ".o_complaint_entry div[name='partner_name'] input:value(Hôte)",
        },
        {
            trigger: ".modal footer button[name='action_confirm']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('To qualify')",
            timeout: PATIENCE,
        },
        {
            content: "And back to where it comes from",
            trigger: "button[name='action_complaint_source']",
            run: "click",
        },
        {
            trigger: MESSAGE,
            timeout: PATIENCE,
        },
    ],
});
