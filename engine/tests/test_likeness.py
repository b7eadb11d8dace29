import random
import unittest

from .. import likeness

LETTER = (
    "the bank charged me a fee of forty five euros on the last day of september "
    "without telling anybody beforehand although contract article seven promises "
    "notice two months ahead please refund everything and explain your reasons"
)


def changed(text, share, seed):
    """A text in which a share of the words is replaced."""
    dice = random.Random(seed)
    words = text.split()
    for index in dice.sample(range(len(words)), round(len(words) * share)):
        words[index] = f"other{index}"
    return " ".join(words)


class TestLikeness(unittest.TestCase):
    def meet(self, one, other):
        return bool(set(likeness.fingerprints(one)) & set(likeness.fingerprints(other)))

    def test_texts_that_share_most_of_their_words_meet(self):
        for share, least in ((0.05, 0.97), (0.1, 0.9), (0.2, 0.6)):
            met = sum(
                self.meet(LETTER, changed(LETTER, share, seed)) for seed in range(200)
            )
            self.assertGreaterEqual(met / 200, least, share)

    def test_texts_that_share_little_hardly_ever_meet(self):
        dice = random.Random(1)
        vocabulary = [f"word{number}" for number in range(400)]
        texts = [" ".join(dice.sample(vocabulary, 40)) for _index in range(300)]
        met = sum(self.meet(texts[0], other) for other in texts[1:])
        self.assertLessEqual(met, 3)

    def test_the_order_of_words_does_not_matter(self):
        words = LETTER.split()
        random.Random(2).shuffle(words)
        self.assertEqual(
            likeness.fingerprints(" ".join(words)), likeness.fingerprints(LETTER)
        )

    def test_fingerprints_are_the_same_for_ever(self):
        """They are stored: another way of making them would find nothing again."""
        self.assertEqual(
            likeness.fingerprints(LETTER)[:2], ["5e1e03fabb63", "66d845d576ee"]
        )

    def test_a_long_text_costs_no_more_than_its_beginning(self):
        long = " ".join(f"word{number}" for number in range(10_000))
        beginning = " ".join(f"word{number}" for number in range(likeness.MOST))
        self.assertEqual(likeness.fingerprints(long), likeness.fingerprints(beginning))

    def test_nothing_in_a_text_breaks_it(self):
        for text in (
            "",
            " ",
            "\x00",
            "😀" * 50,
            "中文字符" * 40,
            "a" * 10**5,
            "\ud800",
        ):
            normal = likeness.normal(text)
            self.assertEqual(likeness.normal(normal), normal)
            likeness.number_key(text)
            likeness.phone_key(text)


if __name__ == "__main__":
    unittest.main()
