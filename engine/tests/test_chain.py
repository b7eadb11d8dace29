import json
from dataclasses import replace
from random import Random
from types import SimpleNamespace
from unittest import TestCase

from ..chain import GENESIS, Broken, Entry, canonical, digest, first_broken, salted


def chain(length: int) -> list[Entry]:
    entries, previous = [], GENESIS
    for seq in range(1, length + 1):
        payload = {"event": "inform", "seq": seq, "ids": [seq, None, True], "d": {}}
        previous_now, previous = previous, digest(1, previous, payload)
        entries.append(Entry(seq, previous_now, previous, payload))
    return entries


class TestRecipe(TestCase):
    def test_canonical(self):
        for payload, text in (
            ({}, "{}"),
            ({"b": 1, "a": "é"}, '{"a":"é","b":1}'),
            ({"a": {"z": [], "y": None}}, '{"a":{"y":null,"z":[]}}'),
            ({"yes": True, "one": 1}, '{"one":1,"yes":true}'),
            ({"quote": '"\n'}, '{"quote":"\\"\\n"}'),
        ):
            self.assertEqual(canonical(payload), text)
            self.assertEqual(canonical(json.loads(text)), text)

    def test_order_of_keys_does_not_matter(self):
        self.assertEqual(canonical({"a": 1, "b": 2}), canonical({"b": 2, "a": 1}))

    def test_recipe_1_never_changes(self):
        """Entries of today must verify in ten years: do not touch these values."""
        first = digest(1, GENESIS, {"event": "report", "état": None})
        self.assertEqual(
            first,
            "v1:c2432de3fd3b608a644f7e3b6c0bc612df311e82b14750bde51e4d6f318a9c1a",
        )
        self.assertEqual(
            digest(1, first, {"event": "erase"}),
            "v1:49cd72319d5341a67d5536ad7da6bcfa432f4887eb8154b46e6f59414c3a962a",
        )

    def test_salted(self):
        self.assertEqual(
            salted("Zoé", "pepper"),
            "9a3e304815a91b70381dedb246a48ad89106dc1454ba1a57fc5b95654e7c2362",
        )
        self.assertNotEqual(salted("Zoé", "pepper"), salted("Zoé", "salt"))
        self.assertNotEqual(salted("Zoé", "pepper"), salted("Zoe", "pepper"))


class TestFirstBroken(TestCase):
    def setUp(self):
        super().setUp()
        self.entries = chain(6)
        self.head = (6, self.entries[-1].hash)

    def broken(self, head=None):
        found = first_broken(self.entries, head)
        return found and (found.index, found.reason)

    def test_intact(self):
        self.assertIsNone(self.broken())
        self.assertIsNone(self.broken(self.head))
        self.assertIsNone(first_broken([]))
        self.assertIsNone(first_broken(iter(self.entries), self.head))

    def test_grown_since_it_was_sealed(self):
        self.assertIsNone(self.broken((4, self.entries[3].hash)))

    def test_any_object_will_do(self):
        first = vars(self.entries[0]) | {"previous": False}
        rows = [SimpleNamespace(**first)]
        rows += [SimpleNamespace(**vars(entry)) for entry in self.entries[1:]]
        self.assertIsNone(first_broken(rows))

    def test_content_changed(self):
        for index, entry in enumerate(self.entries):
            with self.subTest(index):
                self.entries = chain(6)
                payload = entry.payload | {"event": "holding"}
                self.entries[index] = replace(entry, payload=payload)
                self.assertEqual(self.broken(), (index, "hash"))

    def test_content_and_hash_changed(self):
        payload = {"event": "holding"}
        forged = digest(1, self.entries[2].previous, payload)
        self.entries[2] = replace(self.entries[2], payload=payload, hash=forged)
        self.assertEqual(self.broken(), (3, "previous"))

    def test_last_content_and_hash_changed(self):
        payload = {"event": "holding"}
        forged = digest(1, self.entries[5].previous, payload)
        self.entries[5] = replace(self.entries[5], payload=payload, hash=forged)
        self.assertIsNone(self.broken())
        self.assertEqual(self.broken(self.head), (5, "head"))

    def test_removed(self):
        del self.entries[2]
        self.assertEqual(self.broken(), (2, "sequence"))

    def test_removed_and_renumbered(self):
        del self.entries[2]
        self.entries = [
            replace(entry, seq=place) for place, entry in enumerate(self.entries, 1)
        ]
        self.assertEqual(self.broken(), (2, "previous"))

    def test_first_removed(self):
        self.assertEqual(first_broken(self.entries[1:]), Broken(0, "sequence"))

    def test_swapped(self):
        self.entries[1:3] = self.entries[2:0:-1]
        self.assertEqual(self.broken(), (1, "sequence"))

    def test_doubled(self):
        self.entries.insert(3, self.entries[2])
        self.assertEqual(self.broken(), (3, "sequence"))

    def test_tail_cut(self):
        del self.entries[4:]
        self.assertIsNone(self.broken())
        self.assertEqual(self.broken(self.head), (4, "truncated"))

    def test_all_removed(self):
        self.entries = []
        self.assertEqual(self.broken(self.head), (0, "truncated"))

    def test_unknown_versions(self):
        digits = self.entries[0].hash.partition(":")[2]
        for stored in (
            f"v2:{digits}",
            digits,
            f":{digits}",
            f"v:{digits}",
            f"v١:{digits}",
            f"v01:{digits}",
            "v1:",
            "",
            None,
            False,
        ):
            with self.subTest(stored):
                self.entries[0] = replace(self.entries[0], hash=stored)
                self.assertEqual(self.broken(), (0, "version"))

    def test_payload_that_cannot_be_hashed(self):
        endless = []
        endless.append(endless)
        for payload in ({"amount": 1.5}, {"deep": endless}, None, "text", []):
            self.entries[1] = replace(self.entries[1], payload=payload)
            self.assertEqual(self.broken(), (1, "payload"))

    def test_any_random_change_is_found(self):
        random = Random(7)
        for _case in range(500):
            entries = chain(random.randint(2, 9))
            head = (len(entries), entries[-1].hash)
            place = random.randrange(len(entries))
            other = random.choice([n for n in range(len(entries)) if n != place])
            match random.randrange(4):
                case 0:
                    del entries[place]
                case 1:
                    payload = {"event": str(random.random())}
                    entries[place] = replace(entries[place], payload=payload)
                case 2:
                    entries[place], entries[other] = entries[other], entries[place]
                case 3:
                    stored = entries[other].hash
                    entries[place] = replace(entries[place], hash=stored)
            self.assertIsNotNone(first_broken(entries, head))
