import { registry } from "@web/core/registry";

// The whole walk in the web client: intake by hand, qualification, acknowledgement,
// decision, final reply, contested answer, second cycle, acceptance, closing.

// Printing takes its time, most of it for the first letter of a server.
const PATIENCE = 60000;

const fillWizard = (reason) => [
    {
        trigger: ".modal div[name='reason'] textarea",
        run: `edit ${reason}`,
    },
    {
        trigger: ".modal footer button[name='action_confirm']",
        run: "click",
    },
    {
        trigger: "body:not(:has(.modal))",
        timeout: PATIENCE,
    },
];

const sendLetter = (label) => [
    {
        trigger: `.o_form_statusbar button.btn-primary:contains('${label}')`,
        run: "click",
    },
    {
        trigger: ".o_complaint_letter button[name='action_send']",
        timeout: PATIENCE,
        run: "click",
    },
    {
        trigger: "body:not(:has(.o_complaint_letter))",
        timeout: PATIENCE,
    },
    {
        content: "Who goes on at once is not thrown back by what is still loading",
        trigger: ".o_form_statusbar .o_statusbar_status:visible",
        run: () => new Promise((resolve) => setTimeout(resolve, 500)),
    },
];

const decide = (outcome, reason) => [
    {
        trigger: ".o_form_statusbar button.btn-primary:contains('Decide')",
        run: "click",
    },
    {
        trigger: ".modal div[name='outcome'] .o_select_menu_toggler, .modal div[name='outcome'] select, .modal div[name='outcome'] input",
        run: "click",
    },
    {
        trigger: `.o_select_menu_item:contains(/^${outcome}$/)`,
        run: "click",
    },
    {
        trigger: `.modal div[name='outcome'] input:value(${outcome})`,
    },
    ...fillWizard(reason),
];

const stateIs = (label) => ({
    trigger: `.o_statusbar_status .o_arrow_button_current:contains('${label}')`,
    timeout: PATIENCE,
});

registry.category("web_tour.tours").add("complaint_walk", {
    steps: () => [
        {
            content: "A new complaint by hand, from the list",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: "div[name='name'] textarea, div[name='name'] input",
            run: "edit Called twice, nobody answered",
        },
        {
            trigger: "div[name='description'] .odoo-editor-editable",
            run: "editor I called on Monday and on Tuesday and nobody answered.",
        },
        {
            trigger: "div[name='team_id'] input",
            run: "edit Walk desk",
        },
        {
            trigger: ".ui-autocomplete a:contains('Walk desk')",
            run: "click",
        },
        {
            trigger: "div[name='partner_email'] input",
            run: "edit ada.neuve@example.org",
        },
        {
            trigger: ".o_form_button_save:enabled",
            run: "click",
        },
        stateIs("To qualify"),
        {
            content: "The one primary button is the step the law asks for",
            trigger: ".o_form_statusbar button.btn-primary:contains('Qualify')",
            run: "click",
        },
        {
            trigger: ".modal div[name='regime_ids'] .o_tag:contains('14')",
        },
        ...fillWizard("He is dissatisfied with our service."),
        stateIs("In progress"),
        {
            content: "What is due next is at the top, with its reason",
            trigger: ".alert summary:contains('Acknowledge')",
            run: "click",
        },
        {
            trigger: ".alert details[open]:contains('Source:')",
        },
        ...sendLetter("Send acknowledgement"),
        ...decide("Rejected", "The calls were answered by the machine."),
        ...sendLetter("Send final reply"),
        stateIs("Answered"),
        {
            content: "No step that would be refused is offered",
            trigger: ".o_form_statusbar:not(:has(button:contains(/^Decide$/)))",
        },
        {
            trigger: ".o_form_statusbar button:contains('Answer contested')",
            run: "click",
        },
        ...fillWizard("The machine was out of order."),
        stateIs("In progress"),
        ...sendLetter("Send acknowledgement"),
        ...decide("Upheld", "The machine was out of order indeed."),
        ...sendLetter("Send final reply"),
        stateIs("Answered"),
        {
            content: "A fault is admitted: its cause is asked for",
            trigger: ".o_notebook a[name='complaint_investigation']",
            run: "click",
        },
        {
            trigger: "div[name='complaint_cause_id'] input",
            run: "edit Walk cause",
        },
        {
            trigger: ".ui-autocomplete a:contains('Walk cause')",
            run: "click",
        },
        {
            trigger: ".o_form_statusbar button:contains('Answer accepted')",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        stateIs("Closed"),
        {
            content: "The history is whole",
            trigger: ".o_notebook a[name='complaint_history']",
            run: "click",
        },
        {
            trigger: "button[name='action_complaint_verify_history']",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('is whole')",
        },
    ],
});
