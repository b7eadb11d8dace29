"""Whether a text is nothing but thanks, in French or English.

Thanks move nothing; a word too much does. So the test is strict: what is not known
as thanks, greeting, good-bye or name is taken for something to be read.
"""

import re
import unicodedata

#: Thanks are short.
MOST_CHARACTERS = 300

_QUOTE_BEGINS = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:original|message|mail|forwarded|début|e-mail)"
    r"|_{10,}|on .{4,200}wrote\s*:|le .{4,200}a [ée]crit\s*:"
    r"|(?:from|de|von|da)\s*:\s|\*(?:from|de)\s*:\*)",
    re.IGNORECASE,
)
_SPLIT_QUOTE = re.compile(
    r"^\s*(?:on|le)\s.{4,400}?(?:wrote|a\s+[ée]crit)\s*:\s*$",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
_SIGNATURE = re.compile(
    r"^\s*(?:-- ?$|(?:sent|envoy[ée])\s+(?:from|de|depuis|via|à partir)\b"
    r"|get outlook for|obtenir outlook|t[ée]l[ée]charger outlook)",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:merci|thanks?|thank|thx|cheers|remercie|remercions|remerciements?"
    r"|grateful|appreciated?|reconnaissante?)\b"
)
# Words that thanks are made of, without accents. Any other word is something said.
_HARMLESS = frozenset(
    """
    a again agreable aide all all's am and appel appreciate appreciated attention
    avoir bav beaucoup best bien bien-a-vous bon bonjour bonne bonsoir by c'est ca
    call cdlt ce cela cette chaleureusement cheers cher chere clear comment comments
    complet complete compris confirm continuation cordial cordialement courriel
    d'accord d'avoir day de dear des diligence distinguees du efforts email en
    encore equipe est et evening everything excellent excellente explanation
    explanations explication explications fine fois for formidable fort from further
    good got grand grateful great has have hello help hi i i'm infiniment
    information informations is it j'ai je jour journee kind kindest la le les
    letter lettre lot lu madam madame mademoiselle mail many me meilleures merci
    merciii mes mesdames message messieurs mille mme mon monsieur more mr mrs ms
    much my nice note noted notre nous obliged of ok okay on par parfait perfect
    pour precision precisions pris prompt prompte quick quickly rapide rapidement
    read reading received reception reconnaissant reconnaissante recu regards
    remercie remerciement remerciements remercions reply reponse reponses
    respectueusement response retour salutations service sincere sincerely
    sincerement sinceres sir so soiree super sympathique team temps thank thanks
    that that's the this thx time to todo tous tout toute tres un understood une
    very vos votre vous warm warmly we week-end weekend well wishes with work you
    your yours
    """.split()
)
# These turn thanks into something else, whatever stands around them.
_BUT = frozenset(
    """
    but however although though except unless mais cependant toutefois neanmoins
    pourtant sauf sinon excepte not don't doesn't didn't won't can't cannot isn't
    wasn't haven't never pas jamais aucun aucune rien ni refuse refuses conteste
    contest disagree unhappy unfortunately malheureusement still toujours
    """.split()
)
# “No further comments”, “rien a ajouter”: a no that says that nothing follows.
_NOTHING_MORE = re.compile(
    r"\bno (?:further|other|more) (?:comments?|questions?|remarks?)\b"
    r"|\bnothing (?:more|further|else)(?: to (?:add|say))?\b"
    r"|\b(?:je n'ai |nous n'avons )?rien (?:d'autre )?a ajouter\b"
    r"|\b(?:je n'ai )?(?:pas|aucun|aucune) d?'?\s?autres? "
    r"(?:questions?|commentaires?|remarques?)\b"
    r"|\baucune? (?:autre )?(?:question|commentaire|remarque)\b"
    r"|\bsans (?:autre )?(?:commentaire|remarque)s?\b"
)


def own_words(text: str) -> str:
    """Return what the writer wrote himself: without quoted text and signature.

    >>> own_words("Merci.\\n\\nLe ven. 6 nov. 2026 à 09:15, Ada a écrit :\\n> Oui")
    'Merci.'
    """
    lines = []
    text = _SPLIT_QUOTE.sub(lambda found: " ".join(found.group().split()), text)
    for line in text.replace("\xa0", " ").splitlines():
        if _SIGNATURE.match(line):
            break
        if _QUOTE_BEGINS.match(line):
            if line.lstrip().startswith(">"):
                continue
            break
        lines.append(line)
    return "\n".join(lines).strip()


def is_thanks(text: str, names: str = "") -> bool:
    """Tell whether a text is thanks and nothing else.

    :param text: plain text, quotes and signature included
    :param names: words that are not counted: the writer's name, as he signs

    >>> is_thanks("Merci beaucoup, bonne journée !")
    True
    >>> is_thanks("Merci mais je ne suis pas d'accord")
    False
    """
    words = own_words(text)
    if not words or len(words) > MOST_CHARACTERS or "?" in words or "؟" in words:
        return False
    plain = _without_accents(words.lower().replace("’", "'"))
    if not _THANKS.search(plain):
        return False
    plain = _NOTHING_MORE.sub(" ", plain)
    own = set(re.findall(r"[\w'-]+", _without_accents(names.lower())))
    said = [
        word
        for word in re.findall(r"[\w'’-]+", plain)
        if word.strip("-'_") and word not in own
    ]
    if any(word in _BUT or word.startswith("n'") for word in said):
        return False
    return all(word in _HARMLESS for word in said)


def _without_accents(text: str) -> str:
    split = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in split if not unicodedata.combining(letter))
