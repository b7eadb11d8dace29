"""Bouilloire & Co, web shop: its notice promises 14 and 30 working days."""

from .script import Case, step

CASES = (
    # A defective article replaced, accepted by e-mail, archived.
    Case(
        key="shop_kettle_lid",
        team="shop",
        channel="web",
        partner="hartwell",
        subject="Kettle lid cracked after two weeks",
        text="""Hello,

        I bought your Arpège kettle two weeks ago and the lid has already cracked along
        the hinge. I always followed the instructions. I would like a new one, please,
        not a repair.

        Emily Hartwell""",
        received=(255, "21:05"),
        reason="shop_defect",
        about="Order 10-2214, Arpège kettle 1.2 l",
        asked="A replacement",
        steps=(
            step(
                *(253, "10:00", "martin", "qualify"),
                reason="Defective article, replacement asked for.",
            ),
            step(
                *(250, "11:10", "camille", "redress"),
                kind="replacement",
                amount=39.9,
                name="Arpège kettle 1.2 l",
            ),
            step(
                *(250, "11:20", "camille", "decide"),
                outcome="upheld",
                cause="product",
                reasons="The hinge of this production run is too thin. A new kettle "
                "from a later run leaves our warehouse today; please keep or recycle "
                "the first one.",
            ),
            step(249, "09:30", "camille", "letter", code="favourable"),
            step(
                *(245, "18:20", "camille", "answer"),
                text="The new kettle has arrived and works perfectly. Thank you, I am "
                "happy with that.",
            ),
            step(244, "09:40", "camille", "accept"),
            step(244, "09:45", "camille", "pay"),
        ),
    ),
    # Where is my order? Refunded, closed by silence, archived.
    Case(
        key="shop_lost_parcel",
        team="shop",
        partner="lambertin",
        subject="Où est ma commande 10-2871 ?",
        text="""Bonjour,

        Commande passée il y a trois semaines, annoncée « en 48 h ». Le suivi est bloqué
        sur « pris en charge ». Votre tchat me renvoie vers le transporteur, qui me
        renvoie vers vous. Soit vous livrez, soit vous remboursez.

        Sophie Lambertin""",
        received=(210, "12:45"),
        reason="shop_late",
        about="Commande 10-2871",
        asked="Livraison ou remboursement",
        others="Transporteur",
        steps=(
            step(
                *(208, "09:50", "martin", "qualify"),
                reason="Colis non livré, remboursement demandé.",
            ),
            step(204, "10:20", "camille", "letter", code="acknowledge"),
            step(
                *(190, "14:30", "camille", "redress"),
                kind="refund",
                amount=64.9,
                name="commande 10-2871",
            ),
            step(
                *(190, "14:45", "camille", "decide"),
                outcome="upheld",
                cause="delivery",
                reasons="Le transporteur a perdu votre colis entre deux dépôts. Nous "
                "vous remboursons la commande et les frais de port, sans attendre la "
                "fin de son enquête.",
            ),
            step(189, "10:00", "camille", "letter", code="favourable"),
            step(187, "09:30", "camille", "pay"),
        ),
    ),
    # Sold though it was out of stock.
    Case(
        key="shop_unavailable",
        team="shop",
        partner="okafor",
        subject="Charged for an article you do not have",
        text="""You took 119 euros for the cast-iron casserole and told me five days
        later that it is "no longer available". If you do not have it, do not sell it. I
        want my money back, not a voucher.

        James Okafor""",
        received=(170, "16:30"),
        reason="shop_unavailable",
        about="Order 10-3390, casserole 28 cm",
        asked="A refund, no voucher",
        steps=(
            step(
                *(168, "10:15", "martin", "qualify"),
                reason="Article sold while out of stock, refund asked for.",
            ),
            step(
                *(164, "11:00", "camille", "plan_action"),
                key="stock_sync",
                name="Update the stock shown on the website every 15 minutes",
                due=-120,
            ),
            step(
                *(162, "11:10", "camille", "redress"),
                kind="refund",
                amount=119,
                name="order 10-3390",
            ),
            step(
                *(162, "11:20", "camille", "decide"),
                outcome="upheld",
                cause="it",
                reasons="The stock shown on our website was a day old, so you bought a "
                "casserole that had gone the evening before. The full amount has been "
                "returned to your card.",
            ),
            step(161, "09:20", "camille", "letter", code="favourable"),
            step(160, "14:00", "camille", "pay"),
            step(
                *(118, "10:00", "martin", "move_action"),
                key="stock_sync",
                stage="close",
            ),
        ),
    ),
    # Qualified as a request.
    Case(
        key="shop_gift_wrap",
        team="shop",
        partner="whitmore",
        subject="Gift wrapping for order 10-4102?",
        text="""Hi, could you gift-wrap my order and leave the invoice out of the
        parcel? It is for a wedding. Thank you!""",
        received=(80, "13:10"),
        reason="shop_delivery",
        steps=(
            step(
                *(79, "09:40", "martin", "qualify"),
                yes=False,
                reason="A request for a service, no dissatisfaction. Passed on to the "
                "warehouse.",
            ),
        ),
    ),
    # An abusive complaint: refused, with the recourse all the same.
    Case(
        key="shop_abusive",
        team="shop",
        partner="castagnet",
        subject="Remboursement intégral exigé, dernier avertissement",
        text="""Ma sorbetière achetée il y a quatorze mois ne me plaît plus. J'exige le
        remboursement intégral sous 24 h, sinon je publie cent avis négatifs, sous tous
        les noms que je voudrai. Vous êtes prévenus.""",
        received=(110, "23:40"),
        reason="shop_refund",
        about="Sorbetière, commande de l'an dernier",
        asked="Remboursement de 149 € sous 24 heures",
        steps=(
            step(
                *(109, "09:30", "martin", "qualify"),
                reason="Mécontentement exprimé, même sous la menace : c'est une "
                "réclamation.",
            ),
            step(
                *(105, "10:00", "camille", "decide"),
                outcome="rejected",
                reasons="L'appareil fonctionne : vous indiquez qu'il ne vous plaît "
                "plus. Le délai de rétractation de quatorze jours est passé depuis "
                "plus d'un an et aucun défaut n'est signalé. La garantie légale reste "
                "acquise si un défaut apparaît.",
            ),
            step(102, "11:15", "camille", "letter", code="rejection"),
        ),
    ),
    # Refused, contested, then upheld: two cycles, closed with the customer's agreement.
    Case(
        key="shop_scales",
        team="shop",
        partner="quiblier",
        subject="Balance de cuisine fausse de 40 grammes",
        text="""Ma balance affiche 40 g de trop. Je l'ai comparée avec deux autres. On
        me dit de changer la pile : c'est fait, rien ne change. Je demande le
        remboursement.

        Manon Quiblier""",
        received=(90, "10:10"),
        reason="shop_defect",
        about="Commande 10-3955, balance Gramme",
        asked="Remboursement de 49 €",
        steps=(
            step(
                *(88, "09:30", "martin", "qualify"),
                reason="Article défectueux selon la cliente.",
            ),
            step(83, "10:40", "camille", "letter", code="acknowledge"),
            step(
                *(70, "14:00", "camille", "decide"),
                outcome="rejected",
                reasons="Notre atelier a contrôlé une balance du même lot, dont la "
                "mesure est exacte. Sans retour de la vôtre, nous ne pouvons constater "
                "de défaut.",
            ),
            step(69, "10:10", "camille", "letter", code="rejection"),
            step(
                *(64, "18:30", "camille", "answer"),
                text="Je ne suis pas d'accord. Voici une vidéo : un poids étalon de "
                "500 g, votre balance affiche 540. Reprenez-la !",
            ),
            step(
                *(63, "09:20", "camille", "contest"),
                reason="La cliente envoie une vidéo avec un poids étalon.",
            ),
            step(
                *(47, "11:00", "camille", "redress"),
                kind="refund",
                amount=49,
                name="balance Gramme",
            ),
            step(
                *(47, "11:15", "camille", "decide"),
                outcome="upheld",
                cause="product",
                reasons="Votre vidéo et le retour de l'appareil le montrent : le "
                "capteur est déréglé. Nous aurions dû vous proposer ce retour dès "
                "votre premier message.",
            ),
            step(46, "10:00", "camille", "letter", code="favourable"),
            step(
                *(42, "12:00", "camille", "answer"),
                text="Merci, remboursement reçu. Affaire classée pour moi.",
            ),
            step(41, "09:10", "camille", "accept"),
            step(41, "09:15", "camille", "pay"),
        ),
    ),
    # Twice defective: refund and voucher, one action for this and the next case.
    Case(
        key="shop_toaster",
        team="shop",
        channel="web",
        partner="prescott",
        subject="Second toaster, same fault",
        text="""The first Braise toaster stopped heating after a month. You replaced it,
        thank you, and the second one failed after nine days. I no longer trust this
        model and want a refund.

        Oliver Prescott""",
        received=(55, "19:25"),
        reason="shop_defect",
        severity="2",
        about="Order 10-4480, Braise toaster",
        asked="A refund",
        steps=(
            step(
                *(54, "09:35", "martin", "qualify"),
                reason="Replacement failed as well, refund asked for.",
            ),
            step(48, "10:50", "camille", "letter", code="acknowledge"),
            step(
                *(45, "15:00", "camille", "plan_action"),
                key="toaster_batch",
                name="Stop selling batch TP-240 of the Braise toaster and have the "
                "maker examine it",
                kind="immediate",
                due=-2,
                text="Eleven returns out of 160 sold. Element and wiring to be "
                "examined.",
            ),
            step(
                *(44, "09:10", "martin", "move_action"),
                key="toaster_batch",
                stage="open",
            ),
            step(
                *(33, "11:00", "camille", "redress"),
                kind="refund",
                amount=79,
                name="order 10-4480",
            ),
            step(
                *(33, "11:05", "camille", "redress"),
                kind="voucher",
                amount=15,
                name="valid for one year",
            ),
            step(
                *(33, "11:20", "camille", "decide"),
                outcome="upheld",
                cause="product",
                reasons="Both toasters come from one batch whose heating element fails "
                "early. We have taken it off sale. Your money is on its way back to "
                "you.",
            ),
            step(32, "09:45", "camille", "letter", code="favourable"),
            step(30, "09:10", "camille", "pay"),
            step(
                *(28, "20:15", "camille", "answer"),
                text="Refund received. All settled, and thanks for the voucher.",
            ),
            step(27, "09:05", "camille", "accept"),
        ),
    ),
    # Overdue: thirty working days are over.
    Case(
        key="shop_overdue_parcel",
        team="shop",
        partner="lindqvist",
        subject="Order 10-4512 still not here, and nobody answers",
        text="""I ordered a set of knives nearly six weeks before writing this. The
        tracking page says "returned to sender". Your answers are copy and paste. Please
        send the knives or my 136 euros, and tell me which.

        Hannah Lindqvist""",
        received=(56, "15:05"),
        reason="shop_late",
        severity="2",
        about="Order 10-4512, set of knives",
        asked="The knives, or 136 euros",
        others="Carrier",
        steps=(
            step(
                *(54, "10:00", "martin", "qualify"),
                reason="Parcel not delivered, refund or delivery asked for.",
            ),
            step(46, "11:25", "camille", "letter", code="acknowledge"),
            step(
                *(25, "16:20", "camille", "note"),
                text="The parcel is not in our returns either. Claim filed with the "
                "carrier, no answer yet.",
            ),
        ),
    ),
    # More time needed and announced.
    Case(
        key="shop_bread_maker",
        team="shop",
        channel="web",
        partner="debray",
        subject="Machine à pain : panne après chaque réparation",
        text="""Troisième panne, deux retours en atelier. La machine repart, pétrit,
        puis affiche E4. Je veux un échange contre un modèle neuf, ou la résolution de
        la vente.

        Chloé Debray""",
        received=(35, "20:50"),
        reason="shop_defect",
        severity="2",
        about="Commande 10-4790, machine à pain Levain",
        asked="Échange ou résolution de la vente",
        others="Atelier agréé",
        steps=(
            step(
                *(34, "09:20", "martin", "qualify"),
                reason="Pannes répétées, résolution de la vente demandée.",
            ),
            step(29, "10:10", "camille", "letter", code="acknowledge"),
            step(
                *(12, "15:10", "camille", "extend"),
                to_come=24,
                reason="Le fabricant doit rendre son expertise de la carte "
                "électronique ; il l'annonce pour la semaine prochaine.",
            ),
            step(12, "15:30", "camille", "letter", code="holding"),
        ),
    ),
    # A gesture without admission; the window is open.
    Case(
        key="shop_wrong_colour",
        team="shop",
        partner="hartwell",
        subject="The bowls are not the colour in the picture",
        text="""The picture shows a deep blue, the bowls are nearly grey. I do not want
        to send back six bowls from York, but I do feel misled. What can you do?

        Emily Hartwell""",
        received=(28, "11:15"),
        reason="shop_wrong",
        about="Order 10-4833, six Brume bowls",
        asked="A gesture",
        steps=(
            step(
                *(27, "09:50", "martin", "qualify"),
                reason="Says the picture misled her, expects a solution.",
            ),
            step(21, "10:30", "camille", "letter", code="acknowledge"),
            step(
                *(5, "14:00", "camille", "redress"),
                kind="voucher",
                amount=20,
                name="valid for one year",
            ),
            step(
                *(5, "14:15", "camille", "decide"),
                outcome="goodwill_without_admission",
                reasons="Colours look different from screen to screen, and ours are "
                "described as “blue grey” beside the picture. We understand your "
                "disappointment all the same and offer you a voucher; you may also "
                "send the bowls back at our expense.",
            ),
            step(4, "10:20", "camille", "letter", code="favourable"),
        ),
    ),
    # Smoke: critical, same action as the other toaster.
    Case(
        key="shop_toaster_smoke",
        team="shop",
        channel="phone",
        partner="fauvet",
        subject="Grille-pain : de la fumée et une prise noircie",
        text="""M. Fauvet appelle : son grille-pain Braise a dégagé de la fumée, la
        prise est noircie. Personne n'est blessé. Il veut savoir s'il y a un danger et
        demande le remboursement.""",
        received=(24, "09:25"),
        reason="shop_defect",
        severity="3",
        about="Commande 10-4615, grille-pain Braise, lot TP-240",
        asked="Une réponse sur le danger, et 79 €",
        steps=(
            step(
                *(24, "10:00", "martin", "qualify"),
                reason="Sécurité d'un produit : prioritaire.",
            ),
            step(23, "11:00", "camille", "letter", code="acknowledge", channel="post"),
            step(23, "11:20", "camille", "join_action", key="toaster_batch"),
            step(
                *(15, "10:40", "camille", "findings"),
                text="Même lot que la commande 10-4480. Le client a débranché "
                "l'appareil et le tient à disposition ; enlèvement à notre charge "
                "demandé.",
            ),
            step(
                *(14, "11:00", "camille", "redress"),
                kind="refund",
                amount=79,
                name="grille-pain",
            ),
        ),
    ),
    # Qualified; the acknowledgement is due within days.
    Case(
        key="shop_promo_price",
        team="shop",
        partner="whitmore",
        subject="Sale price not applied at checkout",
        text="""The page said 25% off, the basket charged the full price, and your chat
        told me the offer "ended while I was paying". That is hardly my fault. Please
        refund the difference of 22.50 euros.

        Grace Whitmore""",
        received=(16, "22:30"),
        reason="shop_refund",
        about="Order 10-5007",
        asked="22.50 euros",
        steps=(
            step(
                *(9, "10:20", "martin", "qualify"),
                reason="Price contested, refund of the difference asked for.",
            ),
        ),
    ),
    # Waits for its qualification.
    Case(
        key="shop_discount",
        team="shop",
        channel="web",
        partner="lambertin",
        subject="Mon bon d'achat est refusé",
        text="""Vous m'avez offert un bon de 15 € après la perte de mon colis. Le site
        me répond « code expiré », alors qu'il est valable un an. C'est la deuxième fois
        que je perds mon temps avec vous.

        Sophie Lambertin""",
        received=(3, "21:40"),
    ),
    # Ordinary tickets
    Case(
        key="shop_kettle_capacity",
        team="shop_clients",
        partner="okafor",
        is_reported=False,
        subject="How much does the Arpège kettle hold?",
        text="""Hello, does the Arpège kettle hold a full litre, and is it suitable for
        an induction hob? Thanks, James""",
        received=(1, "16:40"),
    ),
    Case(
        key="shop_new_address",
        team="shop_clients",
        channel="phone",
        partner="fauvet",
        is_reported=False,
        subject="Changement d'adresse de livraison",
        text="""M. Fauvet déménage et demande que ses prochaines commandes soient
        livrées au 3 rue des Remparts, Lyon.""",
        received=(2, "10:05"),
    ),
)
