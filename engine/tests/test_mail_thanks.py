from unittest import TestCase

from ..mail_thanks import is_thanks

QUOTED = (
    "\n\nLe ven. 6 nov. 2026 à 09:15, Cabinet Vercors <contact@vercors.example>\n"
    "a écrit :\n> Voulez-vous autre chose ?\n> Nous ne pouvons pas"
)
THANKS = [
    "Merci",
    "Merci !",
    "merci beaucoup",
    "Bonjour, merci pour votre réponse. Bonne journée, cordialement",
    "Je vous remercie de votre réponse rapide.",
    "Bien reçu, merci.",
    "Thank you",
    "Thanks, no further comments",
    "Thanks, nothing more to add.",
    "Many thanks for your quick reply.\n\nBest regards",
    "Merci, je n'ai rien à ajouter.",
    "Merci beaucoup." + QUOTED,
    "Thanks!\n\nOn Fri, Nov 6, 2026 at 9:15 AM Desk <d@x.example> wrote:\n> But?",
    "Merci\n\nEnvoyé de mon iPhone",
    "Thanks\n-- \nAda Neuve\nDirector, 12 Street",
    "Merci\n\nDe : Cabinet Vercors\nEnvoyé : vendredi\nNous ne pouvons pas",
    "Merci, Ada Neuve",
    "Dear Sir, thank you so much. Sincerely",
]
MORE = [
    "",
    "Bonjour",
    "Merci mais je ne suis pas d'accord",
    "Thanks but I disagree",
    "Thank you, however the amount is wrong",
    "Merci de me rembourser",
    "Merci de répondre",
    "Merci d'avance",
    "Merci ?",
    "Thanks for nothing",
    "Thanks, I do not accept",
    "Thanks, I need more",
    "Merci, cependant le montant manque",
    "Merci pour rien",
    "Merci, je conteste",
    "No thanks, I refuse",
    "Merci. Je saisis le médiateur.",
    "Thanks, I will go to court",
    "Merci. 45 euros",
    "Je ne vous remercie pas",
    "Encore un effort, merci",
    "Merci, j'attends toujours",
    "Merci " * 100,
    "> Merci",
    "Merci" + QUOTED.replace("> ", "") + " mais",
]


class TestThanks(TestCase):
    def test_thanks_are_thanks(self):
        for text in THANKS:
            with self.subTest(text):
                self.assertTrue(is_thanks(text, "Ada Neuve"))

    def test_a_word_more_is_more(self):
        for text in MORE[:-1]:
            with self.subTest(text):
                self.assertFalse(is_thanks(text, "Ada Neuve"))

    def test_the_quoted_text_is_not_his(self):
        self.assertTrue(is_thanks(MORE[-1]))
