"""Trois Massifs Courtage, insurance broker in Grenoble.

Two regimes at once: the ACPR's recommendation and the broker's own plan.
"""

from .script import Case, step

SERIES = {
    "key": "double_debit",
    "name": "Prélèvements présentés deux fois (échéance du 5)",
    "cause": "it",
}

CASES = (
    # Accepted by the customer in her portal, paid, and archived since.
    Case(
        key="broker_file_fee",
        team="broker",
        channel="web",
        partner="lhote",
        subject="Frais de dossier prélevés sans information",
        text="""Bonjour,

        En relisant mon relevé, je découvre 45 € de « frais de dossier » prélevés lors
        du renouvellement de mon assurance habitation. Personne ne m'en a parlé et je ne
        les vois ni sur le devis ni sur l'avis d'échéance.

        Je demande le remboursement de cette somme.

        Zoé L'Hôte""",
        received=(245, "18:42"),
        reason="broker_fees",
        about="Multirisque habitation MRH-204417",
        asked="Remboursement des 45 € de frais de dossier",
        steps=(
            step(
                *(243, "09:20", "martin", "qualify"),
                reason="Mécontentement sur des frais prélevés, remboursement demandé.",
            ),
            step(242, "10:05", "camille", "letter", code="acknowledge"),
            step(
                *(231, "14:30", "camille", "findings"),
                text="Devis du renouvellement retrouvé : les frais n'y figurent pas. "
                "La fiche tarifaire qui les mentionne n'a pas été jointe à l'envoi.",
            ),
            step(
                *(229, "11:00", "camille", "redress"),
                kind="fee_waiver",
                amount=45,
                name="frais de dossier du renouvellement",
            ),
            step(
                *(229, "11:15", "camille", "decide"),
                outcome="upheld",
                cause="information",
                reasons="Les frais de dossier ne figuraient ni sur le devis que vous "
                "avez accepté, ni sur l'avis d'échéance. Ils ne vous étaient donc pas "
                "opposables et nous vous les remboursons.",
            ),
            step(
                *(228, "09:40", "camille", "letter"),
                code="favourable",
                channel="portal",
            ),
            step(225, "20:10", "zoe", "accept"),
            step(221, "10:30", "camille", "pay"),
        ),
    ),
    # Answered yesterday or so: the customer may accept or contest in her portal.
    Case(
        key="broker_water_damage",
        team="broker",
        partner="lhote",
        subject="Dégât des eaux : aucune indemnisation après trois mois",
        text="""Bonjour,

        J'ai déclaré un dégât des eaux dans ma cuisine il y a plus de trois mois.
        L'expert est passé, son rapport est rendu, et depuis plus rien : trois appels,
        trois fois la même réponse, « le dossier est en cours ».

        Pendant ce temps je vis avec un plafond décollé. Je demande une date de
        règlement et un dédommagement pour cette attente.

        Zoé L'Hôte""",
        received=(40, "21:15"),
        reason="broker_claims_delay",
        severity="2",
        about="Sinistre DDE-88123, multirisque habitation MRH-204417",
        asked="Une date de règlement et un dédommagement",
        others="Assureur et cabinet d'expertise",
        steps=(
            step(
                *(39, "09:10", "martin", "qualify"),
                reason="Délai de traitement d'un sinistre contesté, réponse attendue.",
            ),
            step(37, "15:25", "camille", "letter", code="acknowledge"),
            step(
                *(20, "10:00", "camille", "note"),
                text="Rapport d'expertise reçu par l'assureur le jour même, mais "
                "classé dans le dossier du voisin. Règlement débloqué cette semaine.",
            ),
            step(
                *(18, "11:30", "camille", "plan_action"),
                key="expert_reports",
                name="Pointer chaque semaine les rapports d'expertise reçus et non "
                "rattachés",
                kind="prevention",
                due=20,
            ),
            step(
                *(6, "14:00", "camille", "redress"),
                kind="compensation",
                amount=120,
                name="délai de traitement du sinistre",
            ),
            step(
                *(6, "14:20", "camille", "decide"),
                outcome="partly_upheld",
                cause="delay",
                reasons="Le rapport d'expertise a été rattaché par erreur à un autre "
                "dossier, ce qui a retardé votre règlement de sept semaines. Nous vous "
                "en demandons pardon.\n"
                "L'indemnité de 1 840 € a été virée. En revanche, la remise en "
                "peinture du couloir n'est pas couverte : cette pièce n'a pas été "
                "touchée.",
            ),
            step(4, "16:45", "camille", "letter", code="partial"),
        ),
    ),
    # Refused, contested by the customer in her portal: second cycle.
    Case(
        key="broker_windscreen",
        team="broker",
        channel="web",
        partner="lhote",
        subject="Refus de prise en charge de mon pare-brise",
        text="""Mon pare-brise s'est fendu sur l'autoroute. On me répond que le bris de
        glace n'est pas dans mon contrat, alors que votre conseiller m'avait assuré que
        j'étais « couverte pour tout ».

        Je demande la prise en charge du remplacement (612 €).""",
        received=(75, "12:30"),
        reason="broker_claims_cover",
        about="Assurance auto AUT-551902",
        asked="Prise en charge du remplacement, 612 €",
        steps=(
            step(
                *(73, "09:30", "martin", "qualify"),
                reason="Refus de garantie contesté.",
            ),
            step(71, "11:10", "camille", "letter", code="acknowledge"),
            step(
                *(38, "15:00", "camille", "decide"),
                outcome="rejected",
                reasons="La formule Tiers que vous avez choisie ne comprend pas le "
                "bris de glace : le tableau des garanties que vous avez signé le "
                "mentionne en première page.",
            ),
            step(
                *(37, "10:20", "camille", "letter"), code="rejection", channel="portal"
            ),
            step(
                *(31, "19:55", "zoe", "contest"),
                reason="J'ai retrouvé le courriel de votre conseiller : il écrit noir "
                "sur blanc « le bris de glace est compris ».",
            ),
            step(27, "09:15", "camille", "letter", code="acknowledge"),
            step(
                *(25, "16:10", "camille", "note"),
                text="Le courriel du conseiller existe bien. Vérifier auprès de "
                "l'assureur si une prise en charge commerciale est possible.",
            ),
        ),
    ),
    # A series of three with one cause; the third was answered too late.
    Case(
        key="broker_double_debit_1",
        team="broker",
        partner="benkirane",
        subject="Prélevée deux fois ce mois-ci",
        text="""Bonjour, ma cotisation de 61,20 € a été prélevée deux fois le 5. Mon
        compte est passé à découvert. Merci de me rembourser et de m'expliquer.""",
        received=(152, "08:05"),
        reason="broker_fees",
        severity="2",
        about="Complémentaire santé SAN-310774",
        asked="Remboursement du prélèvement en trop",
        steps=(
            step(
                *(150, "09:05", "martin", "qualify"),
                reason="Erreur de prélèvement, remboursement demandé.",
            ),
            step(149, "10:40", "camille", "letter", code="acknowledge"),
            step(145, "14:00", "camille", "series", **SERIES),
            step(
                *(145, "14:20", "camille", "plan_action"),
                key="double_debit",
                name="Bloquer une remise de prélèvements déjà présentée à la banque",
                due=-75,
                text="Contrôle du numéro de remise avant envoi, et double validation "
                "le jour de l'échéance.",
            ),
            step(
                *(133, "11:00", "camille", "redress"),
                kind="refund",
                amount=61.2,
                name="second prélèvement",
            ),
            step(
                *(133, "11:10", "camille", "decide"),
                outcome="upheld",
                cause="it",
                reasons="Le fichier des prélèvements du 5 a été transmis deux fois à "
                "la banque. L'erreur est la nôtre ; la somme vous est rendue.",
            ),
            step(132, "09:50", "camille", "letter", code="favourable"),
            step(
                *(128, "08:30", "camille", "answer"),
                text="Bien reçu, le remboursement est sur mon compte. Pour moi c'est "
                "réglé.",
            ),
            step(128, "11:05", "camille", "accept"),
            step(127, "09:00", "camille", "pay"),
        ),
    ),
    Case(
        key="broker_double_debit_2",
        team="broker",
        channel="phone",
        partner="faucherand",
        subject="Double prélèvement de la cotisation auto",
        text="""Appel de M. Faucherand : deux prélèvements de 58,90 € à la même date. Il
        demande le remboursement immédiat et n'a pas été rappelé comme promis.""",
        received=(151, "11:20"),
        reason="broker_fees",
        severity="2",
        about="Assurance auto AUT-118236",
        asked="Remboursement du prélèvement en trop",
        steps=(
            step(
                *(150, "09:15", "martin", "qualify"),
                reason="Même erreur de prélèvement, non réglée au premier appel.",
            ),
            step(149, "11:00", "camille", "letter", code="acknowledge", channel="post"),
            step(145, "14:30", "camille", "series", **SERIES),
            step(145, "14:35", "camille", "join_action", key="double_debit"),
            step(
                *(133, "11:20", "camille", "redress"),
                kind="refund",
                amount=58.9,
                name="second prélèvement",
            ),
            step(
                *(133, "11:30", "camille", "decide"),
                outcome="upheld",
                cause="it",
                reasons="Le fichier des prélèvements du 5 a été transmis deux fois à "
                "la banque. L'erreur est la nôtre ; la somme vous est rendue.",
            ),
            step(132, "10:10", "camille", "letter", code="favourable", channel="post"),
            step(130, "09:00", "camille", "pay"),
        ),
    ),
    Case(
        key="broker_double_debit_3",
        team="broker",
        channel="letter",
        partner="sorel",
        subject="Cotisation débitée deux fois",
        text="""Madame, Monsieur,

        Ma banque m'informe que vous avez débité deux fois 61,20 € sur mon compte. À 81
        ans, je n'ai pas à faire l'avance de votre erreur. Je vous prie de me rembourser
        sans délai, ainsi que les 8 € de frais que ma banque a retenus.

        Monique Sorel""",
        sent=149,
        received=(146, "09:30"),
        entered=(145, "10:15"),
        reason="broker_fees",
        severity="2",
        about="Complémentaire santé SAN-298450",
        asked="Remboursement de 61,20 € et des frais bancaires",
        steps=(
            step(
                *(144, "09:10", "martin", "qualify"),
                reason="Troisième cas du double prélèvement du 5.",
            ),
            step(143, "14:00", "camille", "letter", code="acknowledge"),
            step(143, "14:15", "camille", "series", **SERIES),
            step(143, "14:20", "camille", "join_action", key="double_debit"),
            step(
                *(84, "10:00", "martin", "note"),
                text="Réponse oubliée après le départ en congé du gestionnaire : à "
                "envoyer tout de suite, avec un geste.",
            ),
            step(
                *(78, "15:00", "camille", "redress"),
                kind="refund",
                amount=69.2,
                name="second prélèvement et frais bancaires",
            ),
            step(
                *(78, "15:05", "camille", "redress"),
                kind="compensation",
                amount=30,
                name="réponse tardive",
            ),
            step(
                *(78, "15:20", "camille", "decide"),
                outcome="upheld",
                cause="it",
                reasons="Le fichier des prélèvements du 5 a été transmis deux fois à "
                "la banque. L'erreur est la nôtre. Cette réponse vous parvient trop "
                "tard et nous vous prions de nous en excuser.",
            ),
            step(76, "10:30", "camille", "letter", code="favourable"),
            step(74, "09:00", "camille", "pay"),
            step(
                73, "10:00", "martin", "move_action", key="double_debit", stage="close"
            ),
        ),
    ),
    # Refused, closed, and now before the mediator: not archived meanwhile.
    Case(
        key="broker_cancellation",
        team="broker",
        channel="letter",
        partner="gillibert",
        subject="Résiliation refusée et cotisation réclamée",
        text="""Madame, Monsieur,

        J'ai résilié mon contrat à l'échéance, par lettre recommandée. Vous me réclamez
        malgré tout la cotisation de l'année suivante, 486 €, et me menacez d'un
        recouvrement. Je conteste cette demande.

        Marc-Antoine Gillibert""",
        sent=133,
        received=(130, "10:00"),
        reason="broker_contract",
        severity="2",
        about="Multirisque habitation MRH-177320",
        asked="Annulation de la cotisation de 486 €",
        others="Assureur",
        steps=(
            step(
                *(128, "09:45", "martin", "qualify"),
                reason="Contestation d'une cotisation après résiliation.",
            ),
            step(125, "11:20", "camille", "letter", code="acknowledge"),
            step(
                *(90, "14:10", "camille", "decide"),
                outcome="rejected",
                reasons="Votre lettre recommandée a été postée onze jours après la fin "
                "du délai de préavis. Le contrat s'est donc renouvelé pour un an et la "
                "cotisation reste due ; l'assureur accepte un paiement en quatre fois.",
            ),
            step(
                88, "10:00", "camille", "letter", code="rejection", channel="registered"
            ),
            step(40, "09:30", "camille", "refer", body="mediation_assurance"),
            step(
                33, "15:40", "camille", "letter", code="mediator_file", channel="post"
            ),
        ),
    ),
    # Refused and closed; a hold keeps the file for a law suit.
    Case(
        key="broker_advice",
        team="broker",
        channel="letter",
        partner="arvillard",
        subject="Défaut de conseil : perte d'exploitation non couverte",
        text="""Madame, Monsieur,

        L'incendie de notre atelier nous a arrêtés sept semaines. Nous découvrons que la
        perte d'exploitation n'est pas garantie, alors que nous vous avions demandé « la
        couverture la plus complète ». Nous considérons que vous avez manqué à votre
        devoir de conseil et réclamons 31 500 €.

        Menuiserie Arvillard""",
        sent=103,
        received=(100, "09:00"),
        handler="martin",
        reason="broker_advice",
        severity="3",
        about="Multirisque professionnelle PRO-040118",
        asked="31 500 € de perte d'exploitation",
        steps=(
            step(
                *(99, "09:00", "martin", "qualify"),
                reason="Mise en cause du devoir de conseil, indemnisation demandée.",
            ),
            step(95, "16:00", "martin", "letter", code="acknowledge"),
            step(
                *(56, "11:00", "martin", "decide"),
                outcome="rejected",
                reasons="La garantie perte d'exploitation vous a été proposée par "
                "écrit lors de la souscription, avec son prix ; vous l'avez écartée en "
                "cochant et signant la case prévue. Notre fiche de conseil en porte la "
                "trace.",
            ),
            step(
                54, "10:30", "martin", "letter", code="rejection", channel="registered"
            ),
            step(
                *(40, "14:45", "olga", "hold"),
                reason="Assignation annoncée par l'avocat du client : tout conserver.",
            ),
        ),
    ),
    # The window is over, but the fault's cause is missing: the file waits for it.
    Case(
        key="broker_certificate",
        team="broker",
        partner="corbin",
        subject="Attestation jamais reçue, location perdue",
        text="""J'ai demandé trois fois mon attestation d'assurance habitation. Faute de
        l'avoir reçue à temps, l'agence a loué l'appartement à quelqu'un d'autre.
        J'attends des explications et un dédommagement de 300 €.""",
        received=(35, "13:50"),
        reason="broker_contact",
        severity="2",
        about="Multirisque habitation, devis 7741",
        asked="300 € de dédommagement",
        steps=(
            step(
                *(33, "09:25", "martin", "qualify"),
                reason="Demande restée sans suite, dédommagement demandé.",
            ),
            step(31, "10:15", "camille", "letter", code="acknowledge"),
            step(
                *(20, "15:00", "camille", "redress"),
                kind="compensation",
                amount=80,
                name="attestation envoyée trop tard",
            ),
            step(
                *(20, "15:20", "camille", "decide"),
                outcome="partly_upheld",
                reasons="Votre attestation a été envoyée neuf jours après votre "
                "première demande, ce qui est trop long. La perte de la location a "
                "cependant d'autres causes : l'agence nous écrit que votre dossier "
                "était incomplet.",
            ),
            step(19, "11:40", "camille", "letter", code="partial"),
            step(
                *(12, "10:20", "camille", "instalments"),
                parts=((40, -12), (40, 20)),
            ),
        ),
    ),
    # The answer is due within days.
    Case(
        key="broker_burglary",
        team="broker",
        partner="villaret",
        subject="Cambriolage : l'expert n'est jamais venu",
        text="""Cambriolé pendant mes vacances, j'ai déclaré le vol le lendemain. Deux
        rendez-vous d'expertise ont été annulés le matin même. Je réclame un expert, une
        avance et un interlocuteur unique.

        Thierry Villaret""",
        received=(57, "17:20"),
        reason="broker_claims_delay",
        severity="2",
        about="Sinistre VOL-90215",
        asked="Un expert, une avance, un interlocuteur unique",
        others="Cabinet d'expertise",
        steps=(
            step(
                *(56, "09:30", "martin", "qualify"),
                reason="Retard d'expertise contesté, intervention demandée.",
            ),
            step(53, "10:30", "camille", "letter", code="acknowledge"),
            step(
                *(30, "16:00", "camille", "note"),
                text="Expert relancé, visite enfin tenue. Avance de 1 500 € accordée "
                "par l'assureur. Reste à répondre sur les rendez-vous annulés.",
            ),
            step(
                *(9, "11:00", "camille", "findings"),
                text="Les deux annulations viennent du cabinet d'expertise, sans "
                "remplaçant prévu. Notre suivi n'a rien signalé.",
            ),
        ),
    ),
    # Qualified, but nobody has acknowledged it: late.
    Case(
        key="broker_no_news",
        team="broker",
        partner="morandeau",
        subject="Mon courrier de résiliation est resté sans suite",
        text="""Bonjour, j'ai vendu ma voiture et vous ai écrit pour résilier. Un mois
        plus tard je suis toujours prélevée. Personne ne me répond. Que se passe-t-il
        ?""",
        received=(14, "09:40"),
        reason="broker_contract",
        about="Assurance auto AUT-402277",
        asked="Résiliation à la date de vente et remboursement",
        steps=(
            step(
                *(6, "10:10", "martin", "qualify"),
                reason="Absence de réponse et prélèvements contestés.",
            ),
        ),
    ),
    # About a colleague, who never sees it: log in as martin to read it.
    Case(
        key="broker_call",
        team="broker",
        channel="letter",
        partner="rostaing",
        subject="Conduite d'un appel : interrompue et raccrochée au nez",
        text="""Madame, Monsieur,

        Lors de mon appel, votre collaboratrice m'a coupé la parole à plusieurs
        reprises, m'a dit que je n'avais « qu'à lire mon contrat », puis a raccroché. Je
        suis cliente depuis douze ans et j'attends des excuses.

        Hélène Rostaing""",
        sent=22,
        received=(20, "10:30"),
        entered_by="martin",
        handler="martin",
        reason="broker_contact",
        severity="2",
        about="Appel téléphonique",
        asked="Des excuses",
        concerned=("camille",),
        steps=(
            step(
                *(20, "11:00", "martin", "qualify"),
                reason="Comportement mis en cause ; la personne concernée est exclue "
                "du dossier.",
            ),
            step(16, "09:50", "martin", "letter", code="acknowledge"),
            step(
                *(12, "14:00", "martin", "findings"),
                text="Enregistrement écouté : ton sec, deux interruptions, fin d'appel "
                "sans formule de congé. Entretien à prévoir.",
            ),
        ),
    ),
    # Decided; the reply has not been sent.
    Case(
        key="broker_bonus",
        team="broker",
        channel="fax",
        partner="ndiaye",
        subject="Erreur sur mon coefficient de bonus",
        text="""Mon avis d'échéance indique un coefficient de 0,85. Mon relevé
        d'information porte 0,72. La différence me coûte 86,40 € par an. Merci de
        rectifier et de rembourser.""",
        received=(30, "16:45"),
        reason="broker_fees",
        about="Assurance auto AUT-367150",
        asked="Rectification et remboursement de 86,40 €",
        steps=(
            step(
                *(29, "09:20", "martin", "qualify"),
                reason="Erreur de tarif contestée.",
            ),
            step(27, "11:30", "camille", "letter", code="acknowledge"),
            step(
                *(3, "10:00", "camille", "redress"),
                kind="refund",
                amount=86.4,
                name="écart de cotisation",
            ),
            step(
                *(3, "10:30", "camille", "decide"),
                outcome="upheld",
                cause="execution",
                reasons="Le coefficient a été saisi avant la réception de votre relevé "
                "d'information et n'a pas été corrigé ensuite. Il est rectifié et "
                "l'écart vous est remboursé.",
            ),
        ),
    ),
    # Said at the counter, not settled there: invited to write.
    Case(
        key="broker_counter",
        team="broker",
        channel="counter",
        partner="delmas",
        subject="Mutuelle payée en double depuis la fusion des contrats",
        text="""M. Delmas-Roux s'est présenté à l'agence : il dit payer deux mutuelles
        depuis la fusion de ses contrats et repartir « sans réponse pour la deuxième
        fois ». Rien n'a pu être réglé sur place.""",
        received=(2, "11:15"),
        reason="broker_fees",
        about="Complémentaire santé SAN-270019",
        steps=(
            step(
                2, "11:40", "camille", "letter", code="invite_to_write", channel="hand"
            ),
        ),
    ),
    # A request for a service: not a complaint, and said so.
    Case(
        key="broker_statement",
        team="broker",
        partner="faucherand",
        subject="Demande de relevé d'information",
        text="""Bonjour, pourriez-vous m'envoyer mon relevé d'information ? J'en ai
        besoin pour assurer le véhicule de mon fils. Merci d'avance.""",
        received=(62, "08:50"),
        reason="broker_contract",
        steps=(
            step(
                *(61, "09:30", "martin", "qualify"),
                yes=False,
                reason="Demande d'un document, sans mécontentement exprimé : demande "
                "de service.",
            ),
            step(61, "10:10", "camille", "letter", code="not_complaint"),
        ),
    ),
    # Arrived this morning from an address nobody knows.
    Case(
        key="broker_unknown_sender",
        team="broker",
        sender=("Lucie Perrichon", "lucie.perrichon@example.com"),
        subject="Démarchage insistant après mon refus",
        text="""Vous m'appelez deux fois par semaine pour une mutuelle dont je ne veux
        pas. J'ai dit non trois fois. Retirez mon numéro de vos fichiers et
        expliquez-moi d'où vous le tenez. Je ne suis même pas cliente chez vous !""",
        received=(0, "-3h"),
    ),
    # By the public page, without an account: a lawyer whose mandate is not seen yet.
    Case(
        key="broker_lawyer",
        team="broker",
        channel="form",
        sender=("Maître Solène Abgrall", "s.abgrall@avocats-abgrall.example"),
        represented=("Yannick Le Bihan", "y.lebihan@example.com"),
        subject="Refus de garantie après un dégât des eaux",
        text="""Je vous écris pour mon client, Monsieur Le Bihan, dont l'appartement a
        été inondé le mois dernier. Votre cabinet lui a répondu par téléphone que la
        garantie ne jouait pas, sans citer aucune clause.

        Je vous demande la clause sur laquelle vous vous fondez, et une réponse
        écrite.""",
        about="Contrat habitation MRH-88214",
        asked="Une réponse écrite et la prise en charge du sinistre.",
        received=(2, "11:15"),
        steps=(
            step(
                *(1, "09:10", "system", "add"),
                text="Le mandat de mon client vous parvient demain par courrier.",
            ),
        ),
    ),
    # Ordinary tickets. The second reads like a complaint: report it and see.
    Case(
        key="broker_school_certificate",
        team="broker_clients",
        partner="corbin",
        is_reported=False,
        subject="Attestation scolaire pour ma fille",
        text="""Bonjour, l'école me demande une attestation d'assurance scolaire au nom
        de ma fille Maëlle. Pouvez-vous me l'envoyer par courriel ? Merci.""",
        received=(1, "10:20"),
        steps=(step(1, "10:50", "camille", "assign"),),
    ),
    Case(
        key="broker_third_reminder",
        team="broker_clients",
        partner="delmas",
        is_reported=False,
        subject="Troisième relance : toujours aucune réponse",
        text="""Bonjour,

        C'est mon troisième message. Ma déclaration pour la grêle date de six semaines
        et personne ne me répond, ni au téléphone ni par courriel. C'est inadmissible :
        je paie mes cotisations, moi. Je veux une réponse écrite, un responsable, et je
        compte bien être dédommagé.

        Bernard Delmas-Roux""",
        received=(3, "18:05"),
        steps=(
            step(1, "09:00", "martin", "assign"),
            step(
                *(1, "09:05", "martin", "remind"),
                login="camille",
                summary="C'est une réclamation : la déclarer (bouton du ticket)",
                days=0,
            ),
        ),
    ),
)
