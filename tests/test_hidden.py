"""A file that is hidden from somebody leaves no trace in anything he can ask for.

Each watcher's whole world is taken down twice, before and after a complaint is hidden
from him: every model of the registry that he may read, how many records it has, and
what they say. Nothing may differ, and no word of the complaint may be in it.
"""

import contextlib

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .common import ComplaintCase, tagged

SECRET = "Zanzibar"
# What is no part of anybody's file and too large to be read twice for every watcher.
LEFT_OUT = (
    "base.language",
    "ir.",
    "res.country",
    "res.currency",
    "res.lang",
    "theme.",
    "website",
)
# These change with whoever logs in, or with the clock.
VOLATILE = {"write_date", "__last_update", "login_date", "im_status", "presence_ids"}
READ_ALL = (
    "complaint.",
    "helpdesk.",
    "mail.",
    "mgmtsystem.",
    "rating.",
    "discuss.",
    "ir.attachment",
    "res.partner",
    "res.users",
    "bus.",
    "resource.",
    "spreadsheet",
    "calendar.",
    "digest.",
    "utm.",
)


class HiddenCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        role = "helpdesk_complaint.group_complaint_"
        admin = "base.group_system,base.group_erp_manager"
        cls.boss = cls._new_user("t_boss", f"{role}officer")
        cls.concerned = {
            "user": cls._new_user("t_c_user", f"{role}user"),
            "manager": cls._new_user("t_c_manager", f"{role}manager"),
            "officer": cls._new_user("t_c_officer", f"{role}officer"),
            "auditor": cls._new_user("t_c_auditor", f"{role}auditor"),
            "administrator": cls._new_user("t_c_admin", f"{admin},{role}officer"),
            "employee": cls._new_user("t_c_employee", "base.group_user"),
            "agent": cls._new_user("t_c_agent", "helpdesk_mgmt.group_helpdesk_user"),
        }
        cls.team.user_ids |= cls.concerned["user"] | cls.concerned["manager"]
        cls.series = cls.env["complaint.series"].create(
            {"name": "A series", "company_id": cls.company.id}
        )
        cls.action = cls.env["mgmtsystem.action"].create(
            {
                "name": "Look at it again",
                "type_action": "correction",
                "company_id": cls.company.id,
                "user_id": cls.boss.id,
            }
        )
        cls.plain = cls._new_ticket(name="An open file", user_id=False)
        cls.plain.complaint_report(received_at="2026-10-09 08:00:00")
        cls.plain.complaint_qualify(True, "x", cls.acpr.ids)

    @classmethod
    def make(cls, **hiding):
        """A complaint with everything that a file can have, hidden from the start."""
        ticket = cls._new_ticket(
            name=f"The {SECRET} affair",
            description=f"<p>{SECRET}</p>",
            partner_name=f"{SECRET} widow",
            **hiding,
        )
        ticket.complaint_report(received_at="2026-10-09 08:00:00")
        ticket.message_subscribe((cls.customer | cls.handler).partner_id.ids)
        ticket.complaint_qualify(True, f"{SECRET}, it seems.", cls.acpr.ids)
        ticket.write(
            {
                "complaint_series_id": cls.series.id,
                "complaint_action_ids": [fields.Command.link(cls.action.id)],
                "complaint_findings": f"<p>{SECRET}</p>",
                "complaint_request": SECRET,
            }
        )
        cls.env["complaint.point"].create(
            {
                "ticket_id": ticket.id,
                "name": SECRET,
                "verdict": "rejected",
                "answer": SECRET,
            }
        )
        cls.env["complaint.redress"].create(
            {"ticket_id": ticket.id, "name": SECRET, "amount": 5}
        )
        ticket.complaint_send_letter("acknowledge")
        for subtype in ("mail.mt_comment", "mail.mt_note"):
            ticket.with_user(cls.handler).message_post(
                body=SECRET,
                subtype_xmlid=subtype,
                attachments=[(f"{SECRET}.txt", SECRET.encode())],
            )
        ticket.with_user(cls.handler).activity_schedule(
            "mail.mail_activity_data_todo", summary=SECRET, user_id=cls.handler.id
        )
        ticket.with_context(tracking_disable=False).write({"complaint_severity": "3"})
        cls.env["complaint.hold"].create({"ticket_id": ticket.id, "reason": SECRET})
        ticket.complaint_decide("rejected", SECRET, cls.cause.id)
        ticket.complaint_send_letter("rejection")
        ticket.complaint_refer(
            cls.env["complaint.recourse.body"].search([], limit=1).id,
            fields.Date.today(),
        )
        cls.env["rating.rating"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id("helpdesk.ticket"),
                "res_id": ticket.id,
                "rating": 1,
                "feedback": SECRET,
                "consumed": True,
            }
        )
        cls.env.flush_all()
        cls.flush_tracking()
        return ticket

    @classmethod
    def flush_tracking(cls):
        cls.env.flush_all()
        cls.env.cr.flush()

    def world(self, user):
        """Everything a user can ask for: counts of all, contents of what matters."""
        self.env.invalidate_all()
        env = self.env(user=user, context={"allowed_company_ids": user.company_ids.ids})
        seen = {}
        for name in sorted(env.registry):
            model = env[name].with_context(active_test=False)
            if (
                model._abstract
                or model._transient
                or name.startswith(LEFT_OUT)
                and name != "ir.attachment"
            ):
                continue
            if not model.has_access("read"):
                continue
            seen[name, "count"] = model.search_count([])
            [group] = model.formatted_read_group([], [], ["__count"])
            seen[name, "grouped"] = group["__count"]
            if name.startswith(READ_ALL):
                for row in self.contents(model):
                    seen[name, row["id"]] = row
        return seen

    def contents(self, model):
        names = [
            name
            for name, field in model._fields.items()
            if name not in VOLATILE
            and field.type not in ("binary", "image")
            and model._has_field_access(field, "read")
        ]
        # Of the many policies, those that the complaint counts with.
        domain = [("regime_id", "=", self.acpr.id)]
        records = model.search(domain if model._name == "complaint.policy" else [])
        try:
            return records.read(names)
        except AccessError:
            self.env.invalidate_all()
        rows = {record.id: {"id": record.id} for record in records}
        for name in names:
            try:
                for row in records.read([name]):
                    rows[row["id"]].update(row)
            except AccessError:
                # of models that are not his to read; neither before nor after
                continue
        return rows.values()

    def compare(self, before, after, label):
        # Register numbers have no gaps: who reads the counter counts all of them.
        for world in before, after:
            for key in [key for key in world if key[0] == "complaint.register"]:
                del world[key]
        gone = {
            key: (before.get(key), after.get(key))
            for key in before.keys() | after.keys()
            if before.get(key) != after.get(key)
        }
        told = []
        for key, (old, new) in sorted(gone.items(), key=str):
            if isinstance(old, dict) and isinstance(new, dict):
                names = {x for x in old if old[x] != new[x]}
                told.append(f"{key}: {[(x, old[x], new[x]) for x in names]}"[:400])
            else:
                told.append(f"{key}: {old} -> {new}"[:400])
        words = [key for key, value in after.items() if SECRET in str(value)]
        self.assertFalse(words, f"{label}: {SECRET} is read in {words}")
        self.assertFalse(told, f"{label}\n" + "\n".join(told))


@tagged("post_install", "-at_install")
class TestNoTrace(HiddenCase):
    def test_the_file_has_everything_that_could_leave_a_trace(self):
        root = self.env.ref("base.user_root")
        before = self.world(root)
        self.make()
        after = self.world(root)
        grown = {
            name
            for name, what in after
            if what == "count" and after[name, what] != (before[name, what])
        }
        for name in (
            "helpdesk.ticket",
            "complaint.deadline",
            "complaint.decision",
            "complaint.event",
            "complaint.hold",
            "complaint.letter",
            "complaint.point",
            "complaint.redress",
            "complaint.referral",
            "complaint.report",
            "complaint.deadline.report",
            "ir.attachment",
            "mail.activity",
            "mail.followers",
            "mail.mail",
            "mail.message",
            "mail.notification",
            "mail.tracking.value",
            "rating.rating",
        ):
            self.assertIn(name, grown)

    def test_of_a_confidential_file_for_colleagues(self):
        watchers = (self.agent, self.leader, self.manager, self.stranger)
        before = {user: self.world(user) for user in watchers}
        self.make(complaint_is_confidential=True)
        for user in watchers:
            with self.subTest(user.login):
                self.compare(before[user], self.world(user), user.login)

    def test_of_a_complaint_about_a_colleague_for_him(self):
        before = {role: self.world(user) for role, user in self.concerned.items()}
        ids = [user.id for user in self.concerned.values()]
        self.make(complaint_concerned_user_ids=[fields.Command.set(ids)])
        for role, user in self.concerned.items():
            with self.subTest(role):
                self.compare(before[role], self.world(user), role)


@tagged("post_install", "-at_install")
class TestOtherDoors(HiddenCase):
    """What is not the search of a model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.about = cls.concerned["officer"]
        cls.administrator = cls.concerned["administrator"]
        cls.hidden = cls.make(
            complaint_is_confidential=True,
            complaint_concerned_user_ids=(cls.about | cls.administrator).ids,
        )
        cls.watchers = (
            cls.about,
            cls.administrator,
            cls.leader,
            cls.manager,
            cls.agent,
        )

    def each(self):
        for user in self.watchers:
            self.env.invalidate_all()
            yield user, self.as_user(user, self.hidden)

    def as_world(self, user):
        return self.env(user=user, context={"allowed_company_ids": self.company.ids})

    def test_by_its_number(self):
        for user, ticket in self.each():
            for rank, call in enumerate(
                (
                    lambda x: x.read(["name"]),
                    lambda x: x.web_read({"name": {}}),
                    lambda x: x.with_context(import_compat=False)._export_rows(
                        [["name"]]
                    ),
                    lambda x: x.write({"name": "x"}),
                    lambda x: x.copy(),
                    lambda x: x.message_post(body="x"),
                    lambda x: x.activity_schedule(summary="x"),
                    lambda x: x.complaint_verify_history(),
                    lambda x: x.unlink(),
                )
            ):
                with (
                    self.subTest(user.login, rank=rank),
                    self.assertRaises(AccessError) as caught,
                ):
                    call(ticket)
                self.assertNotIn(SECRET, str(caught.exception))

    def test_by_following_it(self):
        for user, ticket in self.each():
            ticket.message_subscribe(user.partner_id.ids)
            self.assertNotIn(user.partner_id, self.hidden.message_partner_ids)

    def test_by_its_name(self):
        for user, ticket in self.each():
            model = ticket.browse()
            for text in (SECRET, self.hidden.number, self.hidden.complaint_number):
                self.assertFalse(model.name_search(text))
                self.assertFalse(model.web_name_search(text, {"display_name": {}}))
                for field in (
                    "display_name",
                    "name",
                    "description",
                    "partner_name",
                    "message_ids.body",
                    "message_ids.attachment_ids.name",
                    "activity_ids.summary",
                    "attachment_ids.name",
                ):
                    self.assertFalse(model.search([(field, "ilike", text)]))
                    self.assertFalse(model.search_count([(field, "ilike", text)]))
            env = self.as_world(user)
            partner = self.customer.partner_id
            for domain in (
                [("helpdesk_ticket_ids.name", "ilike", SECRET)],
                [("message_ids.body", "ilike", SECRET)],
            ):
                self.assertFalse(env["res.partner"].search_count(domain))
            seen = env["helpdesk.ticket"].search_count(
                [("partner_id", "child_of", partner.id)]
            )
            shown = env["res.partner"].browse(partner.id)
            if shown.has_access("read"):
                self.assertEqual(shown.helpdesk_ticket_count, seen)

    def test_as_a_linked_record(self):
        """Core reads the name of a linked record with the system's rights."""
        other = self._new_ticket(name="A duplicate", user_id=False, team_id=False)
        names = [
            (model._name, name)
            for model in self.env.values()
            for name, field in model._fields.items()
            if field.type == "many2one" and field.comodel_name == "helpdesk.ticket"
        ]
        self.assertIn(("complaint.mandate", "ticket_id"), names)
        for user, _ticket in self.each():
            other.duplicate_id = self.hidden
            self.env.invalidate_all()
            env = self.as_world(user)
            for name, field in names:
                model = env[name]
                if not model.has_access("read") or model._abstract:
                    continue
                if not model._has_field_access(model._fields[field], "read"):
                    continue
                with self.subTest(f"{name}.{field}"):
                    shown = model.new({field: self.hidden.id})
                    words = str(shown.read([field]) if shown.ids else "")
                    with contextlib.suppress(AccessError):
                        words += str(
                            model.onchange(
                                {field: self.hidden.id},
                                [field],
                                {field: {"fields": {"display_name": {}}}},
                            )
                        )
                    with contextlib.suppress(AccessError, UserError):
                        words += str(
                            model.with_context(
                                **{f"default_{field}": self.hidden.id}
                            ).onchange(
                                {}, [], {field: {"fields": {"display_name": {}}}}
                            )
                        )
                    self.assertNotIn(SECRET, words)
                    if model._transient:
                        self.assert_wizard_tells_nothing(model, field)
            row = env["helpdesk.ticket"].search([("id", "=", other.id)])
            self.assertNotIn(SECRET, str(row.read(["duplicate_id", "duplicate_ids"])))
            grouped = env["helpdesk.ticket"].formatted_read_group(
                [("id", "=", other.id)], ["duplicate_id"], ["__count"]
            )
            self.assertNotIn(SECRET, str(grouped))

    def assert_wizard_tells_nothing(self, model, field):
        try:
            with self.env.cr.savepoint():
                wizard = model.create({field: self.hidden.id})
                words = str(wizard.read([field]))
                words += str(wizard.web_read({field: {"fields": {"display_name": {}}}}))
        except (AccessError, UserError, IntegrityError) as error:
            words = str(error)
        self.assertNotIn(SECRET, words)

    def test_in_figures(self):
        for user, _ticket in self.each():
            self.hidden.sudo().stage_id = self.env["helpdesk.ticket.stage"].search(
                [("closed", "=", False)], limit=1
            )
            self.env.invalidate_all()
            env = self.as_world(user)
            ticket = env["helpdesk.ticket"]
            visible = ticket.search([("stage_id.closed", "=", False)])
            self.assertNotIn(self.hidden.id, visible.ids)
            for card in env["helpdesk.ticket.team"].retrieve_dashboard():
                if card["sequence"] == 2:
                    self.assertEqual(card["value"], len(visible))
            team = env["helpdesk.ticket.team"].browse(self.team.id)
            mine = visible.filtered(lambda x: x.team_id.id == self.team.id)
            self.assertEqual(team.todo_ticket_count, len(mine))
            self.assertEqual(
                team.todo_ticket_count_high_priority,
                len(mine.filtered(lambda x: x.priority == "3")),
            )
            everything = ticket.search_count([])
            groups = ticket.web_read_group([], ["team_id"], ["__count"])["groups"]
            self.assertEqual(sum(x["__count"] for x in groups), everything)
            panel = ticket.search_panel_select_range(
                "category_id", enable_counters=True
            )
            self.assertNotIn(SECRET, str(panel))

    def test_in_activities(self):
        """Also one that was given to him before it was self.hidden."""
        for user, _ticket in self.each():
            self.env["mail.activity"].sudo().create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("helpdesk.ticket"),
                    "res_id": self.hidden.id,
                    "user_id": user.id,
                    "summary": SECRET,
                    "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                }
            )
            self.env.flush_all()
            self.env.invalidate_all()
            env = self.as_world(user)
            activities = env["mail.activity"]
            mine = [
                ("res_model", "=", "helpdesk.ticket"),
                ("res_id", "=", self.hidden.id),
            ]
            self.assertFalse(activities.search(mine))
            self.assertFalse(activities.search_count(mine))
            groups = env["res.users"]._get_activity_groups()
            self.assertNotIn(SECRET, str(groups))
            for group in groups:
                if group["model"] == "helpdesk.ticket":
                    self.fail(f"The activities of {user.login} count a hidden file")
            data = activities.get_activity_data("helpdesk.ticket", [])
            self.assertNotIn(SECRET, str(data))
            self.assertNotIn(self.hidden.id, data["activity_res_ids"])

    def test_in_what_was_sent_to_him_before(self):
        """He was told of it by mistake; from when it is hidden he reads it no more."""
        ticket = self._new_complaint(name=f"{SECRET} again")
        message = ticket.with_user(self.handler).message_post(
            body=SECRET,
            subject=SECRET,
            partner_ids=(self.about | self.leader).partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        ticket.complaint_is_confidential = True
        ticket.complaint_concerned_user_ids = self.about
        self.env.invalidate_all()
        for user in self.about | self.leader:
            with self.subTest(user.login):
                env = self.as_world(user)
                found = env["mail.message"].search([("body", "ilike", SECRET)])
                self.assertFalse(found)
                with self.assertRaises(AccessError):
                    env["mail.message"].browse(message.id).read(["body"])
                notes = [("mail_message_id", "=", message.id)]
                self.assertFalse(env["mail.notification"].search(notes))
