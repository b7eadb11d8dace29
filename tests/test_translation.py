import io
import os
import re
from contextlib import closing
from unittest.mock import patch

import polib

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import (
    TranslationFileWriter,
    TranslationImporter,
    TranslationModuleReader,
)

MODULE = "helpdesk_complaint"
# What must be the same in a term and its translation: %(name)s and {name}.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{+\w+\}+")
TAG = re.compile(r"</?(\w+)")
# Written the same in French: OCA's format leaves their translation empty.
SAME_IN_FRENCH = {
    "ACPR",
    "AMF",
    "AMF (Québec)",
    "AMF Québec",
    "ASIC RG 271",
    "ASIC, AFCA",
    "Absences",
    "Absent",
    "Action",
    "Actions",
    "Arbitro Bancario Finanziario",
    "Association",
    "Australian Financial Complaints Authority",
    "Autorité des marchés financiers (Québec)",
    "BaFin",
    "Banco de España",
    "Banco de España, Departamento de Conducta de Entidades",
    "CBB",
    "CBI CPC",
    "CBUAE",
    "CECMC, DGCCRF",
    "CFPB",
    "CISAS, Communication and Internet Services Adjudication Scheme",
    "CSSF",
    "Cause",
    "Causes",
    "Code",
    "Commission des usagers",
    "Communications Ombudsman",
    "Consumer Financial Protection Bureau",
    "Contact",
    "Contacts",
    "Cycle",
    "Cycles",
    "Date",
    "Description",
    "Document",
    "Défenseur des droits",
    "E-mail",
    "E-mails",
    "Energy Ombudsman",
    "FCA",
    "FCA DISP",
    "Financial Ombudsman Service",
    "Financial Services and Pensions Ombudsman",
    "Housing Ombudsman",
    "Housing Ombudsman Complaint Handling Code",
    "Housing Ombudsman Service",
    "ICO",
    "ID",
    "IGJ",
    "ISO",
    "ISO 10002",
    "IVASS",
    "IVASS, Servizio Tutela del Consumatore",
    "Information Commissioner's Office",
    "Kifid",
    "Kifid, Klachteninstituut Financiële Dienstverlening",
    "Le médiateur auprès de la Fédération bancaire française",
    "Legal Ombudsman",
    "Ley 10/2025",
    "Livro de Reclamações",
    "Local Government and Social Care Ombudsman",
    "Message",
    "Message-ID",
    "Messages",
    "MiCA",
    "Moment",
    "Nature",
    "Note",
    "Notice 14/30",
    "Occurrence",
    "Ofcom",
    "Ofcom Complaints Code",
    "Ofgem",
    "Ombudsfin",
    "PDF",
    "PHSO, LGSCO",
    "Parliamentary and Health Service Ombudsman",
    "Point",
    "Public Services Ombudsman for Wales",
    "Reg E",
    "Reg Z",
    "Reklamacje (RF)",
    "Rzecznik Finansowy",
    "SAC",
    "SAC (Decreto 11.034)",
    "SHA-256",
    "Senacon",
    "Source",
    "Ticket",
    "Total",
    "Type",
    "Wkkgz",
    "complaint_ids",
    "–",
}
# French typography: the space beside these never breaks the line.
NBSP = "\N{NO-BREAK SPACE}"
BREAKING_SPACE = re.compile(r" [:;!?»]|« ")


class AddonTerms(TranslationModuleReader):
    """The terms of this addon, without the records of its demonstration data.

    A database with demonstration data would export their names; by OCA's naming
    rule their external ids end in ``_demo``.
    """

    def _export_imdinfo(self, model, imd_per_id):
        kept = {
            res_id: imd
            for res_id, imd in imd_per_id.items()
            if not imd.name.endswith("_demo")
        }
        return super()._export_imdinfo(model, kept) if kept else None


def walk_addon(top, walk=os.walk, **kwargs):
    """Walk this addon only: not Odoo's own, nor what its commands keep in .local."""
    addon = get_module_path(MODULE)
    if os.path.normpath(top) != os.path.dirname(addon):
        return
    for root, folders, files in walk(addon, **kwargs):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield root, folders, files


@tagged("post_install", "-at_install")
class TestTranslation(TransactionCase):
    """The French translation is complete, well formed, and reaches the user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = os.path.join(get_module_path(MODULE), "i18n")
        cls.po_path = os.path.join(folder, "fr.po")
        cls.po = polib.pofile(cls.po_path)
        cls.pot = polib.pofile(os.path.join(folder, f"{MODULE}.pot"))

    def _activate_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        importer = TranslationImporter(self.env.cr, verbose=False)
        importer.load_file(f"{MODULE}/i18n/fr.po", "fr_FR")
        importer.save(overwrite=True, force_overwrite=True)

    def _french(self, xmlid):
        return self.env.ref(f"{MODULE}.{xmlid}").with_context(lang="fr_FR")

    def _words(self, model, field):
        records = self.env[model].with_context(lang="fr_FR")
        return dict(records._fields[field]._description_selection(records.env))

    def _foreign_labels(self):
        """Labels of fields that other addons add to our models.

        They are exported with them, and which there are depends on what else is
        installed.
        """
        return {
            label
            for model in self.env.registry.values()
            if model._original_module == MODULE
            for field in model._fields.values()
            if MODULE not in field._modules
            for label in (field.string, field.help)
            if label
        }

    @staticmethod
    def _text(term):
        """What is left to translate of a term without placeholders and tags."""
        return re.sub(rf"{PLACEHOLDER.pattern}|<[^>]*>", "", term).strip(" ,")

    def test_every_term_is_translated_once_and_for_good(self):
        untranslated = {
            text
            for entry in self.po.untranslated_entries()
            if (text := self._text(entry.msgid))
        }
        self.assertEqual(sorted(untranslated - SAME_IN_FRENCH), [])
        self.assertEqual([e.msgid for e in self.po.fuzzy_entries()], [])
        self.assertEqual([e.msgid for e in self.po.obsolete_entries()], [])
        self.assertEqual(
            [e.msgid for e in self.po], [e.msgid for e in self.pot], "fr.po and .pot"
        )

    def test_placeholders_and_tags_are_kept(self):
        for entry in self.po.translated_entries():
            with self.subTest(term=entry.msgid):
                for pattern in (PLACEHOLDER, TAG):
                    self.assertCountEqual(
                        pattern.findall(entry.msgstr), pattern.findall(entry.msgid)
                    )

    def test_typography_is_french(self):
        for entry in self.po:
            with self.subTest(term=entry.msgid):
                self.assertNotRegex(entry.msgstr, BREAKING_SPACE)
                self.assertNotIn("“", entry.msgstr)

    def test_what_the_addon_exports_is_translated(self):
        with closing(io.BytesIO()) as buffer:
            with patch("odoo.tools.translate.os.walk", walk_addon):
                terms = AddonTerms(self.env.cr, modules=[MODULE])
            TranslationFileWriter(buffer, fileformat="po", lang=None).write_rows(terms)
            exported = polib.pofile(buffer.getvalue().decode())
        self.assertGreater(len(exported), 500)
        foreign = self._foreign_labels()
        known = {entry.msgid for entry in self.po} - foreign
        exported = {entry.msgid for entry in exported} - foreign
        how = f"Export the addon's terms anew and translate them in {self.po_path}"
        self.assertEqual(sorted(exported - known), [], f"missing. {how}")
        self.assertEqual(sorted(known - exported), [], f"no longer used. {how}")

    def test_french_reaches_the_user(self):
        self._activate_french()
        self.assertEqual(self._french("complaint_menu").name, "Réclamations")
        states = self._words("helpdesk.ticket", "complaint_state")
        self.assertEqual(states["to_qualify"], "À qualifier")
        self.assertEqual(states["answered"], "Répondue")
        self.assertEqual(
            self._french("complaint_regime_fr_acpr").name,
            "Recommandation de l’ACPR sur le traitement des réclamations",
        )

    def test_letter_is_written_in_french(self):
        self._activate_french()
        template = self._french("letter_template_acknowledge")
        self.assertEqual(
            template.subject, f"Votre réclamation {{number}}{NBSP}: accusé de réception"
        )
        self.assertIn("<p>Bonjour {complainant},</p>", template.body)
        subject, body = template._render({"number": "26.1001.7", "handler": "Zoé"})
        self.assertEqual(
            subject, f"Votre réclamation 26.1001.7{NBSP}: accusé de réception"
        )
        self.assertIn("sous le numéro 26.1001.7 et en cours d’examen.", body)
        self.assertNotIn("Dear", body)

    def test_promise_reads_as_french_sentence(self):
        self._activate_french()
        regime = self.env["complaint.regime"].create(
            {"name": "House", "code": "test_house", "source": "Test"}
        )
        policy = self.env["complaint.policy"].create(
            {
                "regime_id": regime.id,
                "step": "respond",
                "amount": 2,
                "unit": "month",
                "count_from": "sent",
                "source": "Test",
                "can_pause": True,
                "on_silence": "deemed_rejected",
            }
        )
        french = policy.with_context(lang="fr_FR")
        self.assertEqual(
            french.name, f"Réponse{NBSP}: 2{NBSP}mois après l’envoi de la réclamation"
        )
        self.assertEqual(
            french.sentence,
            f"Réponse{NBSP}: 2{NBSP}mois à compter de l’envoi de la "
            "réclamation, délai arrêté tant que le dossier est suspendu, passé ce "
            "délai sans réponse, la réclamation est réputée rejetée.",
        )

    def test_consent_is_asked_for_in_the_language_of_the_page(self):
        self._activate_french()
        company = self.env["res.company"].create({"name": "New"})
        french = company.with_context(lang="fr_FR")
        self.assertIn("I agree that", company._complaint_consent())
        self.assertIn("J’accepte que", french._complaint_consent())
        company.complaint_consent_text = "I agree to everything."
        self.assertEqual(french._complaint_consent(), "I agree to everything.")
        french.complaint_consent_text = "J’accepte tout."
        self.assertEqual(french._complaint_consent(), "J’accepte tout.")
        company.complaint_consent_text = False
        self.assertFalse(french._complaint_consent(), "no box")
