"""What the ``holidays`` library knows, as codes and names. No record in here.

Countries are ISO 3166 codes of two letters. A region is the library's own code of a
part of a country that has holidays of its own: ``57`` of France, ``SCT`` of Great
Britain, ``QC`` of Canada. ``XECB`` stands among the countries for the days on which
TARGET, the payment system of the euro, is closed.
"""

from functools import cache

import holidays

from odoo.tools import remove_accents

#: The library's zones of French school holidays: they have no public holiday.
NOT_REGIONS = {"FR": {"Zone A", "Zone B", "Zone C"}}
#: Not countries, but calendars that laws on payments count with.
MARKETS = {"XECB"}
#: What people look for, and no alias of the library says any more.
MORE_NAMES = {"FR": {"57": "Alsace-Moselle", "6AE": "Alsace-Moselle"}}


@cache
def find_country(code):
    """The library's class of a country; None if it does not know it."""
    if code in MARKETS:
        return type(holidays.financial_holidays(code))
    if not (isinstance(code, str) and len(code) == 2 and code.isupper()):
        return None  # the library would answer with a stock exchange, or a module
    try:
        return type(holidays.country_holidays(code))
    except NotImplementedError:
        return None


def list_countries():
    """The codes of all countries known. Reads the whole library: about a second."""
    return sorted(holidays.list_supported_countries(include_aliases=False))


@cache
def list_regions(country):
    """Codes of the regions of a country with their names, sorted by name."""
    known = find_country(country)
    labels = {
        region: f"{', '.join(names)} ({region})" if names else region
        for region, names in _region_names(country).items()
        if known and region not in NOT_REGIONS.get(country, ())
    }
    return dict(sorted(labels.items(), key=lambda pair: remove_accents(pair[1])))


def find_region(country, text):
    """The code of a region from its code or one of its names; None if unknown.

    >>> find_region("FR", "Alsace-Moselle"), find_region("CA", "quebec")
    ('57', 'QC')
    """
    wanted = _plain(text)
    regions = list_regions(country)
    aliases = find_country(country).get_subdivision_aliases()
    for region, names in _region_names(country).items():
        if region in regions and wanted in map(
            _plain, [region, *names, *aliases[region]]
        ):
            return region
    return None


def list_languages(country):
    """Codes of the languages in which the days of a country have names."""
    known = find_country(country)
    return [*known.supported_languages] if known else []


def name_days(country, years, region=None, language=None):
    """The public holidays of these years, days given in lieu included.

    :return: dict of name by date, in order
    """
    known = find_country(country)
    found = known(
        subdiv=region or None,
        years=years,
        expand=False,
        language=language or known.default_language,
    )
    return dict(sorted(found.items()))


def _region_names(country):
    """Names by region: the library's aliases without abbreviations and repeats."""
    known = find_country(country)
    if not known:
        return {}
    more = MORE_NAMES.get(country, {})
    names = {}
    for region, aliases in known.get_subdivision_aliases().items():
        words = [more[region]] if region in more else []
        words += [word for word in aliases if not (word.isupper() and len(word) < 4)]
        names[region] = [
            word
            for word in words
            if not any(
                other != word and remove_accents(other) == word for other in words
            )
        ]
    return names


def _plain(text):
    return remove_accents(str(text)).casefold().strip()
