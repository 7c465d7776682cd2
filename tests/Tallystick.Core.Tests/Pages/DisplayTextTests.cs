using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tallystick.Core.Pages;

namespace Tallystick.Core.Tests.Pages;

public sealed class DisplayTextTests
{
    [Theory]
    [InlineData("for lunch 🍕", "for lunch 🍕")]
    [InlineData("Zürich, 東京", "Zürich, 東京")]
    [InlineData("❤\ufe0f", "❤\ufe0f")]
    [InlineData("e\u0301", "e\u0301")]
    [InlineData("", "")]
    [InlineData("one\r\ntwo\tthree", "one  two three")]
    [InlineData("a\u2028b\u2029c\u0085d\u00a0e", "a b c d e")]
    [InlineData("\u001b[31mred", "\ufffd[31mred")]
    [InlineData("\u009b31mred", "\ufffd31mred")]
    [InlineData("a\0b\u0007c\u007f", "a\ufffdb\ufffdc\ufffd")]
    [InlineData("pay\u202eevil\u202c", "pay\ufffdevil\ufffd")]
    [InlineData("\u2066a\u2067b\u2069\u061c", "\ufffda\ufffdb\ufffd\ufffd")]
    [InlineData("al\u200bi\u200dce\ufeff\u00ad", "alice")]
    [InlineData("a\ue000b", "a\ufffdb")]
    public void Only_characters_are_left(string text, string expected) =>
        Assert.Equal(expected, DisplayText.Of(text));

    // Both ends of every range, so that no invisible character stays and no visible neighbour goes.
    [Theory]
    [InlineData(0x00AD, 0x00AD)]
    [InlineData(0x034F, 0x034F)]
    [InlineData(0x115F, 0x1160)]
    [InlineData(0x17B4, 0x17B5)]
    [InlineData(0x180B, 0x180F)]
    [InlineData(0x200B, 0x200D)]
    [InlineData(0x2060, 0x2064)]
    [InlineData(0x2800, 0x2800)]
    [InlineData(0x3164, 0x3164)]
    [InlineData(0xFE00, 0xFE0E)]
    [InlineData(0xFEFF, 0xFEFF)]
    [InlineData(0xFFA0, 0xFFA0)]
    [InlineData(0xE0000, 0xE0FFF)]
    public void Characters_without_width_are_left_out_from_the_first_to_the_last(int first, int last)
    {
        for (var value = first; value <= last; value++)
            Assert.Equal("ab", DisplayText.Of($"a{new Rune(value)}b"));
        foreach (var value in new[] { first - 1, last + 1 })
            Assert.NotEqual("ab", DisplayText.Of($"a{new Rune(value)}b"));
    }

    [Fact]
    public void Half_a_character_is_shown_as_a_mark() =>
        Assert.Equal("a\ufffdb", DisplayText.Of(string.Concat("a", (char)0xd83c, "b")));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("👍🏽👍🏽👍🏽", 2, "👍🏽…")]
    [InlineData("e\u0301e\u0301e\u0301", 2, "e\u0301…")]
    [InlineData("🇨🇭🇩🇪🇫🇷", 2, "🇨🇭…")]
    [InlineData("ab", 1, "…")]
    [InlineData("a", 1, "a")]
    public void A_long_text_ends_in_an_ellipsis_between_two_characters(string text, int maxLength, string expected) =>
        Assert.Equal(expected, DisplayText.Of(text, maxLength));

    [Fact]
    public void A_pile_of_marks_is_cut()
    {
        var shown = DisplayText.Of("a" + new string('\u0301', 1000) + "b");
        Assert.Equal("a\u0301\u0301\u0301\u0301b", shown);
    }

    [Fact]
    public void Whatever_is_said_the_shown_text_is_short_and_holds_nothing_that_acts() =>
        Prop.ForAll(Gen.Choose(0, 0xffff).Select(i => (char)i).ArrayOf().ToArbitrary(), chars =>
        {
            var shown = DisplayText.Of(new string(chars), 10);
            Assert.InRange(new StringInfo(shown).LengthInTextElements, 0, 10);
            Assert.Equal(shown, DisplayText.Of(shown, 10));
            foreach (var rune in shown.EnumerateRunes())
            {
                Assert.False(
                    Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                        or UnicodeCategory.Surrogate);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
