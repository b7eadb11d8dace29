import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** The letters of a complaint: each opens on a page of its own, with its preview. */
export class LetterListField extends X2ManyField {
    openRecord(record) {
        return this.switchToForm(record, { newWindow: false });
    }
}

registry.category("fields").add("complaint_letter_list", {
    ...x2ManyField,
    component: LetterListField,
});
