import { registerMessageAction } from "@mail/core/common/message_actions";

import { _t } from "@web/core/l10n/translation";

// What somebody outside wrote, on any record. The model asks again for every right.
const isFromOutside = (message) =>
    ["email", "comment"].includes(message.message_type) &&
    !message.isNote &&
    message.author_id?.main_user_id?.share !== false;

registerMessageAction("complaint-report", {
    condition: ({ message, store, thread }) =>
        store.mayReportComplaint &&
        thread?.id &&
        !["discuss.channel", "mail.box"].includes(thread.model) &&
        message.persistent &&
        isFromOutside(message),
    icon: "fa fa-gavel",
    name: _t("Report as complaint"),
    onSelected: async ({ message, owner }) => {
        const { action, orm } = owner.env.services;
        const next = await orm.call("helpdesk.ticket", "complaint_report_message", [
            message.id,
        ]);
        action.doAction(next);
    },
    sequence: 80,
});
