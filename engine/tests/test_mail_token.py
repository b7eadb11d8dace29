from unittest import TestCase

from ..mail_token import MOST, found, written

MAC = "0123456789abcdef" * 4


class TestToken(TestCase):
    def test_what_is_written_is_found(self):
        for number in (0, 1, 35, 36, 71, 10**9):
            token = written(number, MAC)
            for text in (token, f"Re: x {token} y", token.upper(), f"{token} {token}"):
                self.assertEqual(found(text), [(number, MAC[:24])])

    def test_a_number_alone_is_no_token(self):
        for text in ("26.1001.014", "[C-1z]", "[C-1z-0123]", f"C-1z-{MAC}", "[C--]"):
            self.assertFalse(found(text))

    def test_no_more_are_read_than_anybody_would_write(self):
        text = " ".join(written(number, MAC) for number in range(100))
        self.assertEqual(len(found(text)), MOST)
