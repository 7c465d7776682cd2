using Tallystick.Core.Money;

namespace Tallystick.Core.Tests.Money;

public sealed class MoneyValueTests
{
    [Fact]
    public void Amounts_are_ordered_by_their_units()
    {
        Amount[] ascending = [Amount.FromUnits(1), Amount.FromUnits(2), Amount.FromUnits(Amount.MaxUnits)];
        Ordered.Check(ascending, (a, b) => a < b, (a, b) => a > b, (a, b) => a <= b, (a, b) => a >= b);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(Amount.MaxUnits + 1)]
    public void No_amount_is_made_outside_of_its_bounds(long units)
    {
        Assert.False(Amount.TryCreate(units, out var amount));
        Assert.Equal(default, amount);
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => Amount.FromUnits(units));
        Assert.Contains("1 to 2^53-1", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(Amount.MaxUnits + 1)]
    public void No_limit_is_made_outside_of_its_bounds(long units)
    {
        Assert.False(CreditLimit.TryCreate(units, out var limit));
        Assert.Equal(CreditLimit.Zero, limit);
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => CreditLimit.FromUnits(units));
        Assert.Contains("0 to 2^53-1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_allows_debt_up_to_itself_and_none_allows_any()
    {
        var limit = CreditLimit.FromUnits(100);
        Assert.True(limit.Allows(-5));
        Assert.True(limit.Allows(100));
        Assert.False(limit.Allows(101));
        Assert.False(CreditLimit.Zero.Allows(1));
        Assert.True(CreditLimit.None.Allows(long.MaxValue));
        Assert.Equal(long.MaxValue, CreditLimit.None.Units);
        Assert.Equal(100, limit.Units);
        Assert.NotEqual(CreditLimit.None, CreditLimit.FromUnits(1));
    }

    [Fact]
    public void Values_are_written_for_a_log_as_what_they_are()
    {
        Assert.Equal("7", Amount.FromUnits(7).ToString());
        Assert.Equal("none", CreditLimit.None.ToString());
        Assert.Equal("0", CreditLimit.Zero.ToString());
        Assert.Equal("12", CreditLimit.FromUnits(12).ToString());
        Assert.Equal("credits/2", Asset.Credits.ToString());
    }

    [Theory]
    [InlineData("EUR/2", "EUR", 2)]
    [InlineData("EUR", "EUR", 2)]
    [InlineData("X.9/0", "X.9", 0)]
    [InlineData("ABCDEFGHIJKL/9", "ABCDEFGHIJKL", 9)]
    public void An_asset_is_read_as_code_and_scale(string text, string code, int scale)
    {
        Assert.True(Asset.TryParse(text, out var asset));
        Assert.Equal((code, scale), (asset.Code, asset.Scale));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/2")]
    [InlineData("EUR/")]
    [InlineData("EUR/x")]
    [InlineData("EUR/12")]
    [InlineData("EUR/2x")]
    [InlineData("EUR/-1")]
    [InlineData("E R/2")]
    [InlineData("ABCDEFGHIJKLM/2")]
    [InlineData("ABCDEFGHIJKLM")]
    [InlineData("é/2")]
    public void What_is_no_asset_is_refused(string text)
    {
        Assert.False(Asset.TryParse(text, out var asset));
        Assert.Null(asset);
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("ABCDEFGHIJKLM", 2)]
    [InlineData("EUR", -1)]
    [InlineData("EUR", 10)]
    [InlineData("EU/R", 2)]
    public void No_asset_is_made_outside_of_its_bounds(string code, int scale)
    {
        Assert.False(Asset.TryCreate(code, scale, out var asset));
        Assert.Null(asset);
    }
}
