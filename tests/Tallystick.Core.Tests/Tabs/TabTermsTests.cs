using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Tabs;

public sealed class TabTermsTests
{
    [Fact]
    public void Both_sides_compute_the_same_id_whoever_is_named_first()
    {
        Assert.True(TabTerms.TryCreate(Samples.Bob, Samples.Alice, Asset.Credits, out var terms));
        Assert.Equal(Samples.Terms.Id, terms.Id);
        Assert.True(terms.Key0 < terms.Key1);
        byte[] named =
        [
            .. "tab/1"u8, .. terms.Key0.ToArray(), .. terms.Key1.ToArray(), 7, .. "credits"u8, 2,
        ];
        Assert.Equal(Hash.Of(named), terms.Id.Hash);
        Assert.Equal(terms.Id.Hash.ToString(), terms.Id.ToString());
    }

    [Fact]
    public void Another_asset_is_another_tab()
    {
        Assert.True(Asset.TryCreate("credits", 3, out var finer));
        Assert.True(TabTerms.TryCreate(Samples.Alice, Samples.Bob, finer, out var terms));
        Assert.NotEqual(Samples.Terms.Id, terms.Id);
    }

    [Fact]
    public void Nobody_has_a_tab_with_itself()
    {
        Assert.False(TabTerms.TryCreate(Samples.Alice, Samples.Alice, Asset.Credits, out var terms));
        Assert.Null(terms);
    }

    [Fact]
    public void Each_key_is_one_party_and_a_strangers_is_none()
    {
        var terms = Samples.Terms;
        Assert.Equal(terms.Key0, terms.KeyOf(Party.Zero));
        Assert.Equal(terms.Key1, terms.KeyOf(Party.One));
        Assert.True(terms.TryPartyOf(terms.Key0, out var zero));
        Assert.Equal(Party.Zero, zero);
        Assert.True(terms.TryPartyOf(terms.Key1, out var one));
        Assert.Equal(Party.One, one);
        Assert.False(terms.TryPartyOf(default, out _));
    }

    [Fact]
    public void Places_and_objects_are_ordered_by_creator_page_and_line()
    {
        Ref[] places = [new(1, 0), new(1, 1), new(2, 0), new(2, 5), new(10, 1)];
        Ordered.Check(places, (a, b) => a < b, (a, b) => a > b, (a, b) => a <= b, (a, b) => a >= b);
        Assert.Equal("10.1", places[^1].ToString());

        ObjectKey[] keys =
        [
            .. places.Select(place => new ObjectKey(Party.Zero, place)),
            .. places.Select(place => new ObjectKey(Party.One, place)),
        ];
        Ordered.Check(keys, (a, b) => a < b, (a, b) => a > b, (a, b) => a <= b, (a, b) => a >= b);
    }
}
