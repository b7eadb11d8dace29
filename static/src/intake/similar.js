import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const FEW = 3;

/** Complaints and series that may be the same, each with what it has in common. */
export class SimilarList extends Component {
    static template = "helpdesk_complaint.SimilarList";
    static props = {
        found: { type: [Object, Boolean] },
        // Says what was decided of them: (method, id). Without it they are only shown.
        judge: { type: Function, optional: true },
    };

    setup() {
        this.state = useState({ isWhole: false });
    }

    get found() {
        return {
            tickets: [],
            series: [],
            same_as: [],
            ...(this.props.found || {}),
        };
    }

    get tickets() {
        const { tickets } = this.found;
        return this.state.isWhole ? tickets : tickets.slice(0, FEW);
    }

    get more() {
        return this.found.tickets.length - this.tickets.length;
    }

    get isEmpty() {
        const { tickets, series, same_as } = this.found;
        return !(tickets.length + series.length + same_as.length);
    }

    urlOf(ticket) {
        return `/odoo/helpdesk.ticket/${ticket.id}`;
    }
}

/** On the form of a complaint, and where it is qualified: asked for once it is shown. */
export class SimilarWidget extends Component {
    static template = "helpdesk_complaint.SimilarWidget";
    static components = { SimilarList };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ found: false });
        this.judge = this.judge.bind(this);
        onWillStart(() => {
            this.load(this.props.record);
        });
        onWillUpdateProps((props) => {
            if (this.idOf(props.record) !== this.asked) {
                this.load(props.record);
            }
        });
    }

    idOf(record) {
        if (record.resModel === "helpdesk.ticket") {
            return record.data.complaint_state && record.resId;
        }
        const ids = record.data.ticket_ids?.currentIds || [];
        return ids.length === 1 && ids[0];
    }

    async load(record) {
        const id = this.idOf(record);
        this.asked = id;
        this.state.found = false;
        if (!id) {
            return;
        }
        const found = await this.orm.silent.call(
            "helpdesk.ticket",
            "complaint_similar_suggestions",
            [[id]]
        );
        if (this.asked === id) {
            this.state.found = found;
        }
    }

    async judge(method, otherId) {
        const args = otherId ? [[this.asked], otherId] : [[this.asked]];
        await this.orm.call("helpdesk.ticket", method, args);
        const { record } = this.props;
        if (record.resModel === "helpdesk.ticket" && !(await record.isDirty())) {
            await record.load();
        }
        await this.load(record);
    }
}

/** On the form of a new complaint, while it is typed: nothing is there to be judged. */
export class SimilarField extends Component {
    static template = "helpdesk_complaint.SimilarField";
    static components = { SimilarList };
    static props = { ...standardFieldProps };

    get found() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("view_widgets").add("complaint_similar", {
    component: SimilarWidget,
    fieldDependencies: [],
});
registry.category("fields").add("complaint_similar", {
    component: SimilarField,
    supportedTypes: ["json"],
});
