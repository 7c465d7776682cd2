using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Tallystick.Core.Money;
using Tallystick.Core.Tests.Wire;

namespace Tallystick.Core.Tests.Money;

public sealed class AmountTextTests
{
    [Theory]
    [InlineData("10", 1000)]
    [InlineData("10.5", 1050)]
    [InlineData("+10", 1000)]
    [InlineData("010.50", 1050)]
    [InlineData("0.01", 1)]
    [InlineData(" 10 ", 1000)]
    [InlineData("00000000000000000000000000000000001", 100)]
    [InlineData("90071992547409.91", Amount.MaxUnits)]
    public void An_amount_is_read_exactly(string text, long units)
    {
        Assert.True(AmountText.TryParse(text, Asset.Credits, out var amount, out var why), why);
        Assert.Equal(units, amount.Units);
    }

    [Theory]
    [InlineData("", "Say an amount")]
    [InlineData("  ", "Say an amount")]
    [InlineData("0", "more than 0")]
    [InlineData("0.00", "more than 0")]
    [InlineData("-0", "negative")]
    [InlineData("-10", "negative")]
    [InlineData("NaN", "\"NaN\" is not an amount")]
    [InlineData("infinity", "is not an amount")]
    [InlineData("∞", "is not an amount")]
    [InlineData("1e309", "is not an amount")]
    [InlineData("1,000", "separators")]
    [InlineData("1_000", "separators")]
    [InlineData("10,5", "separators")]
    [InlineData("0x10", "is not an amount")]
    [InlineData("10abc", "is not an amount")]
    [InlineData("10:5", "is not an amount")]
    [InlineData("9007199254740993", "The most is")]
    [InlineData("10.005", "at most 2 decimals")]
    [InlineData("10.500", "at most 2 decimals")]
    [InlineData("90071992547409.92", "The most is 90071992547409.91 credits")]
    [InlineData("99999999999999999999999999999999999999", "The most is")]
    [InlineData("١٠", "digits other than 0 to 9")]
    [InlineData("１０", "digits other than 0 to 9")]
    [InlineData("1 000", "blanks")]
    [InlineData("1\u00a0000", "blanks")]
    [InlineData("+ 10", "blanks")]
    [InlineData("+-10", "is not an amount")]
    [InlineData("+", "is not an amount")]
    [InlineData(".", "is not an amount")]
    [InlineData(".5", "is not an amount")]
    [InlineData("10.", "is not an amount")]
    [InlineData("1.2.3", "is not an amount")]
    [InlineData("10\u001b[31m", "is not an amount")]
    [InlineData("10\0", "is not an amount")]
    public void What_is_no_amount_is_refused_with_one_sentence(string text, string expected)
    {
        Assert.False(AmountText.TryParse(text, Asset.Credits, out var amount, out var why));
        Assert.Equal(default, amount);
        Assert.Contains(expected, why, StringComparison.Ordinal);
        Assert.EndsWith(".", why, StringComparison.Ordinal);
        Assert.DoesNotContain(why, char.IsControl);
        Assert.InRange(why.Length, 1, 200);
    }

    [Theory]
    [InlineData("10.0", 0, "has no decimals")]
    [InlineData("10.05", 1, "at most 1 decimal.")]
    [InlineData("9007199.254740992", 9, "The most is 9007199.254740991 X")]
    public void The_scale_of_the_asset_says_how_many_decimals(string text, int scale, string expected)
    {
        Assert.False(AmountText.TryParse(text, AssetOf(scale), out _, out var why));
        Assert.Contains(expected, why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_long_text_is_answered_shortly()
    {
        Assert.False(AmountText.TryParse(new string('x', 1_000_000), Asset.Credits, out _, out var why));
        Assert.InRange(why.Length, 1, 200);
    }

    [Theory]
    [InlineData(0, 2, "0.00", "0.00")]
    [InlineData(1, 2, "0.01", "+0.01")]
    [InlineData(-1, 2, "-0.01", "-0.01")]
    [InlineData(1000, 2, "10.00", "+10.00")]
    [InlineData(-1000, 2, "-10.00", "-10.00")]
    [InlineData(7, 0, "7", "+7")]
    [InlineData(0, 0, "0", "0")]
    [InlineData(1, 9, "0.000000001", "+0.000000001")]
    [InlineData(long.MaxValue, 2, "92233720368547758.07", "+92233720368547758.07")]
    [InlineData(long.MinValue, 2, "-92233720368547758.08", "-92233720368547758.08")]
    [InlineData(long.MinValue, 0, "-9223372036854775808", "-9223372036854775808")]
    [InlineData(long.MinValue, 9, "-9223372036.854775808", "-9223372036.854775808")]
    public void Units_are_written_with_all_decimals(long units, int scale, string text, string signed)
    {
        Assert.Equal(text, AmountText.Format(units, AssetOf(scale)));
        Assert.Equal(signed, AmountText.FormatSigned(units, AssetOf(scale)));
    }

    [Fact]
    public void What_is_written_is_read_back_exactly_at_every_scale() =>
        Prop.ForAll(AnyValue.Amount.ToArbitrary(), Gen.Choose(0, 9).ToArbitrary(), (amount, scale) =>
        {
            var text = AmountText.Format(amount.Units, AssetOf(scale));
            Assert.True(AmountText.TryParse(text, AssetOf(scale), out var again, out var why), why);
            Assert.Equal(amount, again);
            Assert.Equal(
                amount.Units,
                BigInteger.Parse(text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));
        }).QuickCheckThrowOnFailure();

    private static Asset AssetOf(int scale) =>
        Asset.TryCreate("X", scale, out var asset) ? asset : throw new ArgumentOutOfRangeException(nameof(scale));
}
