"""Résidence La Source aux Mésanges, care home in Voiron: 48 hours and 10 days."""

from .script import Case, step

CASES = (
    # Upheld, replaced, accepted by telephone, archived.
    Case(
        key="care_lost_linen",
        team="care_home",
        channel="counter",
        partner="teyssier",
        subject="Linge de ma mère perdu à la blanchisserie",
        text="""Mme Teyssier est passée à l'accueil : deux gilets, une robe de chambre
        et quatre chemises de nuit de sa mère, tous marqués, ne sont jamais revenus de
        la blanchisserie. Elle demande leur remplacement.""",
        received=(230, "15:10"),
        reason="care_linen",
        about="Mme Teyssier (mère), chambre 118",
        asked="Remplacement du linge perdu",
        others="Blanchisserie sous-traitante",
        steps=(
            step(
                *(230, "16:30", "martin", "qualify"),
                reason="Perte d'effets personnels, remplacement demandé.",
            ),
            step(229, "10:00", "camille", "letter", code="acknowledge", channel="post"),
            step(
                *(224, "14:00", "camille", "redress"),
                kind="replacement",
                amount=140,
                name="linge perdu, sur facture",
            ),
            step(
                *(224, "14:15", "camille", "decide"),
                outcome="upheld",
                cause="third_party",
                reasons="Le linge, bien marqué, a été livré par notre blanchisseur à "
                "un autre établissement et n'a pas été retrouvé. Nous le remplaçons.",
            ),
            step(223, "11:00", "camille", "letter", code="favourable"),
            step(
                *(220, "09:30", "camille", "note"),
                text="Appel de Mme Teyssier : elle accepte et remercie.",
            ),
            step(220, "09:35", "camille", "accept"),
            step(212, "10:00", "camille", "pay"),
        ),
    ),
    # Answered within the 48 hours: the answer stands for the acknowledgement.
    Case(
        key="care_cold_meals",
        team="care_home",
        channel="letter",
        partner="mounier",
        subject="Le repas du soir arrive froid à l'étage",
        text="""Depuis deux semaines, la soupe et le plat du soir arrivent froids au
        premier étage. Nous l'avons dit aux aides-soignantes, qui n'y peuvent rien. Nous
        sommes plusieurs à nous en plaindre.

        Gérard Mounier, chambre 112""",
        received=(185, "10:00"),
        reason="care_meals",
        about="Service du soir, premier étage",
        asked="Des repas chauds",
        steps=(
            step(
                *(185, "14:00", "martin", "qualify"),
                reason="Mécontentement sur la restauration, plusieurs résidents "
                "touchés.",
            ),
            step(
                *(184, "09:00", "camille", "plan_action"),
                key="hot_meals",
                name="Remplacer les deux chariots de maintien au chaud du premier "
                "étage",
                kind="immediate",
                due=-170,
            ),
            step(
                *(184, "10:30", "camille", "redress"),
                kind="apology",
                name="excuses du chef de cuisine, en personne",
            ),
            step(
                *(184, "10:40", "camille", "decide"),
                outcome="upheld",
                cause="product",
                reasons="La résistance d'un chariot était hors d'usage et la "
                "température n'était plus relevée le soir. Le chariot est remplacé ; "
                "la température est de nouveau notée à chaque service.",
            ),
            step(184, "11:30", "camille", "letter", code="favourable", channel="hand"),
            step(
                *(168, "09:00", "martin", "move_action"), key="hot_meals", stage="close"
            ),
        ),
    ),
    # Critical, closed after the window; the action is still open.
    Case(
        key="care_call_bell",
        team="care_home",
        partner="vallon",
        subject="Quarante minutes d'attente après un appel de nuit",
        text="""Ma mère a sonné à 2 h 10, elle était tombée près de son lit. On est venu
        à 2 h 50, selon sa voisine de chambre. Elle n'a rien de cassé, par chance.
        J'exige de savoir ce qui s'est passé cette nuit-là et ce que vous allez changer.

        Robert Vallon""",
        received=(40, "08:30"),
        reason="care_care",
        severity="3",
        about="Mme Vallon, chambre 204, nuit",
        asked="Des explications et des mesures",
        steps=(
            step(
                *(40, "10:00", "martin", "qualify"),
                reason="Sécurité d'une résidente : à traiter en priorité.",
            ),
            step(39, "09:15", "camille", "letter", code="acknowledge"),
            step(
                *(38, "11:00", "camille", "findings"),
                text="Journal des appels : appel à 2 h 11, acquitté à 2 h 47. Un seul "
                "agent présent, l'autre en pause sans relais. Le report d'appel sur le "
                "téléphone de garde ne fonctionnait pas.",
            ),
            step(
                *(36, "14:00", "martin", "plan_action"),
                key="night_calls",
                name="Vérifier chaque soir le report des appels et organiser le relais "
                "des pauses de nuit",
                kind="immediate",
                due=12,
                text="Essai du report d'appel à 21 h, consigné. Planning de nuit revu.",
            ),
            step(
                *(35, "09:30", "martin", "move_action"), key="night_calls", stage="open"
            ),
            step(
                *(33, "10:00", "camille", "redress"),
                kind="apology",
                name="rendez-vous avec la direction",
            ),
            step(
                *(33, "10:20", "camille", "decide"),
                outcome="partly_upheld",
                cause="care",
                reasons="L'appel de votre mère a bien attendu 36 minutes. Un des deux "
                "agents était en pause sans relais et le report d'appel était en "
                "panne.\n"
                "Nous n'avons en revanche trouvé aucun autre incident de ce type dans "
                "les trois derniers mois.",
            ),
            step(32, "11:45", "camille", "letter", code="partial"),
        ),
    ),
    # Confidential: only the compliance officer and the auditor read it.
    Case(
        key="care_rough_handling",
        team="care_home",
        channel="letter",
        partner="lacombe",
        subject="Gestes brusques lors de la toilette",
        text="""Madame la directrice,

        Mon épouse porte des marques au poignet. Elle m'a dit avoir été « secouée » lors
        de la toilette du matin et me demande de n'en parler à personne. Je vous demande
        d'agir, avec discrétion.

        Étienne Lacombe-Favre""",
        sent=7,
        received=(6, "09:00"),
        entered_by="olga",
        handler="olga",
        reason="care_staff",
        severity="3",
        about="Mme Lacombe, chambre 215",
        asked="Protéger mon épouse",
        is_confidential=True,
        steps=(
            step(
                *(6, "09:40", "olga", "qualify"),
                reason="Suspicion de maltraitance : dossier confidentiel, signalement "
                "à étudier.",
            ),
            step(6, "17:00", "olga", "letter", code="acknowledge", channel="hand"),
            step(
                *(4, "15:30", "olga", "findings"),
                text="Certificat médical demandé. L'agent est affecté à un autre étage "
                "le temps de l'enquête.",
            ),
        ),
    ),
    # Answered two days ago: the window is open.
    Case(
        key="care_appointment",
        team="care_home",
        partner="chalancon",
        subject="Rendez-vous chez l'ophtalmologue oublié",
        text="""Ma mère attendait ce rendez-vous depuis cinq mois. L'ambulance n'a pas
        été commandée et personne ne l'a préparée. J'ai fait 80 km pour rien. Le
        prochain créneau est dans quatre mois !

        Sylvie Chalancon""",
        received=(10, "12:10"),
        reason="care_care",
        severity="2",
        about="Mme Chalancon (mère), chambre 103",
        asked="Un nouveau rendez-vous rapide et mes frais",
        steps=(
            step(
                *(10, "14:30", "martin", "qualify"),
                reason="Défaut d'accompagnement, frais demandés.",
            ),
            step(9, "09:45", "camille", "letter", code="acknowledge"),
            step(
                *(4, "10:00", "camille", "redress"),
                kind="refund",
                amount=38.4,
                name="frais de route",
            ),
            step(
                *(4, "10:15", "camille", "decide"),
                outcome="upheld",
                cause="execution",
                reasons="Le rendez-vous était noté au dossier mais n'a pas été reporté "
                "sur le planning des transports. Le cabinet nous a trouvé une place "
                "dans neuf jours ; un membre de l'équipe accompagnera votre mère.",
            ),
            step(2, "11:20", "camille", "letter", code="favourable"),
        ),
    ),
    # The ten days are over: late.
    Case(
        key="care_billing",
        team="care_home",
        partner="haddouche",
        subject="Pédicure facturée, jamais passée",
        text="""La facture du mois compte deux passages de la pédicure pour mon père. Il
        n'en a eu aucun, les soignantes le confirment. Je ne paierai pas 48 € pour rien
        et j'aimerais savoir qui vérifie ces factures.

        Karim Haddouche""",
        received=(14, "19:00"),
        reason="care_billing",
        about="M. Haddouche (père), facture du mois",
        asked="Annulation des 48 €",
        others="Pédicure libérale",
        steps=(
            step(
                *(13, "09:00", "martin", "qualify"),
                reason="Facturation contestée.",
            ),
            step(13, "15:00", "camille", "letter", code="acknowledge"),
            step(
                *(7, "10:30", "camille", "redress"),
                kind="refund",
                amount=48,
                name="deux passages de pédicure",
            ),
            step(
                *(6, "16:00", "camille", "note"),
                text="La pédicure ne rappelle pas. Relancée deux fois.",
            ),
        ),
    ),
    # Last night, by the form on the website: 48 hours are running.
    Case(
        key="care_cold_room",
        team="care_home",
        channel="web",
        partner="brun",
        subject="17 degrés dans la chambre de mon oncle",
        text="""Le radiateur de la chambre 210 ne chauffe plus depuis trois jours. Mon
        oncle dort avec son manteau. Deux signalements à l'accueil, aucun passage. Il a
        88 ans : merci d'intervenir aujourd'hui.

        Jocelyne Brun-Mathieu""",
        received=(1, "20:10"),
    ),
    # Closed, then reopened: second cycle.
    Case(
        key="care_hearing_aid",
        team="care_home",
        channel="letter",
        partner="perrin",
        subject="Appareil auditif et lunettes égarés pendant le déménagement",
        text="""En me changeant de chambre, on a égaré mon appareil auditif droit et mes
        lunettes de lecture. Depuis je n'entends plus la télévision et je ne lis plus.
        Je demande qu'on me les remplace.

        Denise Perrin-Gaude, chambre 207""",
        received=(70, "09:30"),
        reason="care_linen",
        severity="2",
        about="Changement de chambre 112 vers 207",
        asked="Remplacement des lunettes et de l'appareil",
        steps=(
            step(
                *(70, "11:00", "martin", "qualify"),
                reason="Perte d'effets personnels du fait de l'établissement.",
            ),
            step(69, "10:00", "camille", "letter", code="acknowledge", channel="hand"),
            step(
                *(63, "14:00", "camille", "redress"),
                kind="replacement",
                amount=95,
                name="lunettes de lecture",
            ),
            step(
                *(63, "14:20", "camille", "decide"),
                outcome="partly_upheld",
                cause="execution",
                reasons="Vos lunettes ont été perdues pendant le déménagement : nous "
                "les remplaçons. L'appareil auditif est déclaré à notre assurance, qui "
                "doit encore se prononcer.",
            ),
            step(62, "10:30", "camille", "letter", code="partial", channel="hand"),
            step(58, "11:00", "camille", "accept"),
            step(50, "09:00", "camille", "pay"),
            step(
                *(5, "09:30", "martin", "reopen"),
                reason="L'assurance refuse l'appareil auditif et la résidente demande "
                "une nouvelle décision.",
            ),
            step(4, "09:10", "camille", "letter", code="acknowledge", channel="hand"),
        ),
    ),
    # Withdrawn the next day.
    Case(
        key="care_works",
        team="care_home",
        channel="phone",
        partner="vallon",
        subject="Bruit des travaux pendant la sieste",
        text="""M. Vallon se plaint au téléphone du bruit des travaux du deuxième étage
        entre 13 h et 15 h : sa mère ne peut plus se reposer.""",
        received=(50, "14:20"),
        reason="care_room",
        about="Travaux du deuxième étage",
        asked="Arrêter le bruit à l'heure de la sieste",
        steps=(
            step(
                *(50, "15:00", "martin", "qualify"),
                reason="Mécontentement sur les conditions de séjour.",
            ),
            step(
                *(49, "10:00", "camille", "decide"),
                outcome="withdrawn",
                reasons="Les travaux bruyants sont déplacés à 15 h 30 dès aujourd'hui. "
                "M. Vallon, rappelé, se déclare satisfait et retire sa réclamation.",
            ),
            step(
                *(49, "10:15", "camille", "close"),
                reason="Retirée par le réclamant au téléphone.",
            ),
        ),
    ),
    # A request for a service.
    Case(
        key="care_salt_free",
        team="care_home",
        channel="phone",
        partner="chalancon",
        subject="Menus sans sel pour ma mère",
        text="""Mme Chalancon demande que sa mère reçoive des menus sans sel, comme son
        médecin vient de le prescrire.""",
        received=(25, "11:30"),
        reason="care_meals",
        steps=(
            step(
                *(25, "14:00", "martin", "qualify"),
                yes=False,
                reason="Demande de prestation, transmise à la cuisine.",
            ),
        ),
    ),
    # Waits for its qualification, and its 48 hours are gone.
    Case(
        key="care_weekend",
        team="care_home",
        channel="letter",
        partner="mounier",
        subject="Aucune animation le week-end depuis deux mois",
        text="""Le samedi et le dimanche, plus rien : ni jeux, ni sortie, ni même la
        télévision du salon, en panne. Nous payons pourtant le même prix que les autres
        jours. Le conseil de la vie sociale en a parlé deux fois, sans suite.

        Gérard Mounier, au nom de plusieurs résidents""",
        received=(4, "10:00"),
        entered=(3, "16:30"),
        reason="care_room",
        about="Animation du week-end",
        asked="Reprise des animations",
    ),
)
