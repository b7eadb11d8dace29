import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("complaint_portal_submit", {
    steps: () => [
        {
            content: "Open the complaints from the home page",
            trigger: ".o_portal_my_home a[href='/my/complaints']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Start a new complaint",
            trigger: "a[name=new_complaint]",
            run: "click",
            expectUnloadPage: true,
        },
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
            content: "Say what is expected",
            trigger: "textarea[name=request]",
            run: "edit Pay the 45 euros back.",
        },
        {
            content: "Send it",
            trigger: "form[name=complaint] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is received",
            trigger: "[name=complaint_note]:contains(We received your complaint)",
        },
        {
            content: "The next step is shown",
            trigger: "li[data-milestone=register][aria-current=step]",
        },
    ],
});

registry.category("web_tour.tours").add("complaint_portal_contest", {
    steps: () => [
        {
            content: "Open the complaint from the list",
            trigger: "a:contains(Fees charged without notice)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is answered",
            trigger: "[name=complaint_state]:contains(Answered)",
        },
        {
            content: "The acknowledgement and the answer can be downloaded",
            trigger: "ul:has(li:nth-child(2) a[name=download_letter])",
        },
        {
            content: "Contest the answer",
            trigger: "summary[name=i_contest]",
            run: "click",
        },
        {
            content: "Say why",
            trigger: "#complaint_contest textarea[name=reason]",
            run: "edit I never signed it.",
        },
        {
            content: "Send the objection",
            trigger: "#complaint_contest button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is examined again",
            trigger: "li[data-milestone=examined_again][aria-current=step]",
        },
        {
            content: "A new answer is promised",
            trigger: "li[data-milestone=answer]",
        },
    ],
});
