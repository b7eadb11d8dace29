import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("complaint_public", {
    steps: () => [
        {
            content: "Give it a title",
            trigger: "input[name=title]",
            run: "edit Fees charged without notice",
        },
        {
            content: "Say what happened",
            trigger: "textarea[name=description]",
            run: "edit You charged me 45 euros without a word.",
        },
        {
            content: "Say who writes, and forget the address",
            trigger: "input[name=name]",
            run: "edit Jean Dupont",
        },
        {
            content: "Agree",
            trigger: "input[name=consent]",
            run: "check",
        },
        {
            content: "Send it",
            trigger: "form[name=complaint] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is not sent: the address is missing",
            trigger: "#complaint_errors a[href='#complaint_email']",
        },
        {
            content: "What was typed is still there",
            trigger: "textarea[name=description]:value(45 euros)",
        },
        {
            content: "Give the address",
            trigger: "input[name=email].is-invalid",
            run: "edit jean.dupont@example.org",
        },
        {
            content: "Send it again",
            trigger: "form[name=complaint] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It has a number, and a copy to keep",
            trigger: "[name=complaint_number]:not(:empty)",
        },
        {
            content: "Follow it",
            trigger: "a[name=follow]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It was received, the next step is shown",
            trigger: "li[data-milestone=register][aria-current=step]",
        },
        {
            content: "Add something",
            trigger: "textarea[name=message]",
            run: "edit It happened again in March.",
        },
        {
            content: "Send the message",
            trigger: "form[name=complaint_message] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It has joined the complaint",
            trigger: "[name=complaint_messages]:contains(again in March)",
        },
        {
            content: "Keep its number, and come back later without the link",
            trigger: "[name=complaint_number]",
            run() {
                sessionStorage.setItem("number", this.anchor.textContent.trim());
                location.assign("/complaint");
            },
            expectUnloadPage: true,
        },
        {
            content: "Find it again",
            trigger: "#wrap a[href='/complaint/link']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Give its number",
            trigger: "input[name=reference]",
            run(actions) {
                return actions.edit(sessionStorage.getItem("number"));
            },
        },
        {
            content: "Give the address",
            trigger: "input[name=email]",
            run: "edit jean.dupont@example.org",
        },
        {
            content: "Ask for a new link",
            trigger: "form[name=complaint_link] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is on its way",
            trigger: "[name=complaint_note]:contains(on its way)",
        },
    ],
});
