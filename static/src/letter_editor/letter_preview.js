import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { hidePDFJSButtons } from "@web/core/utils/pdfjs";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import {
    Component,
    onMounted,
    onWillUnmount,
    status,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";

const VIEWER = "/web/static/lib/pdfjs/web/viewer.html";
// How long a person must pause before the letter is printed again.
const PAUSE = 900;

/**
 * The PDF of a letter beside its text, printed again as it is typed.
 *
 * One request at a time, none while nobody can see the result. What is shown is made
 * by the same code that makes the file to be sent.
 */
export class LetterPreview extends Component {
    static template = "helpdesk_complaint.LetterPreview";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.frame = useRef("frame");
        this.state = useState({
            isOpen: !this.env.isSmall,
            isBusy: false,
            error: "",
            src: "",
            prints: 0,
        });
        this.isSeen = false;
        this.isRunning = false;
        this.isAskedAgain = false;
        this.shown = null;
        this.schedule = useDebounced(() => this.refresh(), PAUSE);

        const { model } = this.props.record;
        useBus(model.bus, "FIELD_IS_DIRTY", ({ detail }) => detail && this.schedule());
        useRecordObserver((record) => {
            // Read what the letter is made of, so that its changes are observed.
            const { subject, body, lang, recipient_name, recipient_address } = record.data;
            const { recipient_email, state, enclosure_ids } = record.data;
            const files = enclosure_ids?.currentIds.join();
            const key = [subject, `${body}`, lang, recipient_name, recipient_address];
            const now = [record.resId, ...key, recipient_email, state, files].join("\n");
            if (now !== this.observed) {
                this.observed = now;
                this.schedule();
            }
        });
        onMounted(() => {
            this.observer = new IntersectionObserver((entries) => {
                this.isSeen = entries.some((entry) => entry.isIntersecting);
                if (this.isSeen) {
                    this.refresh();
                }
            });
            this.observer.observe(this.root.el);
        });
        useEffect(
            (frame) => {
                if (frame) {
                    hidePDFJSButtons(frame, { hideDownload: true, hidePrint: true });
                }
            },
            () => [this.frame.el]
        );
        onWillUnmount(() => {
            this.observer.disconnect();
            URL.revokeObjectURL(this.url);
        });
    }

    get title() {
        return this.props.record.data.state === "sent"
            ? _t("The letter as it was sent")
            : _t("The letter as it would be sent");
    }

    toggle() {
        this.state.isOpen = !this.state.isOpen;
        this.shown = null;
        this.state.src = "";
        this.schedule();
    }

    /** Print the letter again, unless nothing changed or nobody looks. */
    async refresh() {
        const { record } = this.props;
        if (!this.state.isOpen || !this.isSeen || !record.resId) {
            return;
        }
        if (this.isRunning) {
            this.isAskedAgain = true;
            return;
        }
        this.isRunning = true;
        try {
            const vals = record.data.state === "draft" ? await record.getChanges() : {};
            const asked = JSON.stringify([record.resId, record.data.state, vals]);
            if (asked !== this.shown && status(this) === "mounted") {
                this.state.isBusy = true;
                const result = await this.orm.silent.call(
                    "complaint.letter",
                    "preview_pdf",
                    [record.resId],
                    { vals }
                );
                this.shown = asked;
                this.show(result);
            }
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        } finally {
            this.state.isBusy = false;
            this.isRunning = false;
            if (this.isAskedAgain) {
                this.isAskedAgain = false;
                this.schedule();
            }
        }
    }

    show({ pdf, error }) {
        this.state.error = error || "";
        if (!pdf || status(this) !== "mounted") {
            return;
        }
        const bytes = Uint8Array.from(atob(pdf), (char) => char.charCodeAt(0));
        URL.revokeObjectURL(this.url);
        this.url = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
        const viewer = this.frame.el?.contentWindow?.PDFViewerApplication;
        if (this.state.src && viewer?.initialized) {
            this.showAgain(viewer);
        } else {
            const file = encodeURIComponent(this.url);
            this.state.src = `${VIEWER}?file=${file}#zoom=page-width&pagemode=none`;
        }
        this.state.prints++;
    }

    /** Open the new file where the reader was in the old one. */
    async showAgain(viewer) {
        const { container } = viewer.pdfViewer;
        const { scrollTop } = container;
        const scale = viewer.pdfViewer.currentScaleValue;
        viewer.eventBus.on(
            "pagesloaded",
            () => {
                viewer.pdfViewer.currentScaleValue = scale || "page-width";
                container.scrollTop = scrollTop;
            },
            { once: true }
        );
        await viewer.open({ url: this.url });
    }
}

export const letterPreview = { component: LetterPreview };

registry.category("view_widgets").add("complaint_letter_preview", letterPreview);
