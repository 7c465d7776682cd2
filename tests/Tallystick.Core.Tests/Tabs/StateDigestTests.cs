using System.Buffers.Binary;
using System.Text;
using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Tabs;

/// <summary>
/// The digest byte by byte, as the protocol says it. Both ends of this program compute it with the same code, so
/// nothing else would notice that a field is missing; a second implementation would.
/// </summary>
public sealed class StateDigestTests
{
    private static readonly Revision First = new(new Ref(3, 1), Amount.FromUnits(20), "bank", "Überweisung 7");
    private static readonly Revision Second = new(new Ref(4, 0), Amount.FromUnits(15), "", "cash");

    [Fact]
    public void A_view_is_its_totals_its_limits_and_its_open_objects()
    {
        var fold = Fold.Empty(Samples.Terms.Id) with
        {
            Zero = Party(given: 11, held: 12, CreditLimit.FromUnits(13)),
            One = Party(given: 21, held: 22, CreditLimit.None),
            OpenObjects = Samples.HashOf("objects"),
        };
        byte[] expected =
        [
            .. "tab-state/1"u8, .. Long(11), .. Long(21), .. Long(12), .. Long(22), .. Long(13), .. Long(-1),
            .. Samples.HashOf("objects").ToArray(),
        ];
        Assert.Equal(Hash.Of(expected), StateDigest.Of(fold));
        Assert.NotEqual(
            StateDigest.Of(fold),
            StateDigest.Of(fold with { One = fold.One with { Limit = CreditLimit.FromUnits(1) } }));
    }

    [Fact]
    public void An_unanswered_settlement_is_its_parties_and_all_its_revisions() =>
        Assert.Equal(Hash.Of(Bytes(0, 0, default)), StateDigest.OfOpen(Settlement(null)));

    [Fact]
    public void A_dispute_and_an_acceptance_of_each_revision_are_all_different()
    {
        Assert.Equal(Hash.Of(Bytes(0, 1, First.Ref)), StateDigest.OfOpen(Settlement(new Decision(false, First.Ref))));
        Assert.Equal(Hash.Of(Bytes(0, 2, First.Ref)), StateDigest.OfOpen(Settlement(new Decision(true, First.Ref))));
        Assert.Equal(Hash.Of(Bytes(0, 2, Second.Ref)), StateDigest.OfOpen(Settlement(new Decision(true, Second.Ref))));
    }

    [Fact]
    public void Who_paid_is_part_of_a_settlement() =>
        Assert.Equal(
            Hash.Of(Bytes(1, 0, default)), StateDigest.OfOpen(Settlement(null) with { Payer = Core.Tabs.Party.One }));

    [Fact]
    public void A_closed_settlement_is_nothing()
    {
        Assert.Equal(default, StateDigest.OfOpen(Settlement(null) with { WithdrawnOnPage = 9 }));
        Assert.Equal(default, StateDigest.OfOpen(Settlement(null) with { Booked = First.Ref, BookedOnPage = 9 }));
    }

    [Fact]
    public void An_open_hold_is_its_author_place_amount_and_locks_and_an_answered_one_is_nothing()
    {
        var hold = new Hold
        {
            Author = Core.Tabs.Party.One,
            Ref = new Ref(7, 2),
            Amount = Amount.FromUnits(50),
            Locks = [Samples.HashOf("lock 1"), Samples.HashOf("lock 2")],
        };
        byte[] expected =
        [
            .. "tab-hold/1"u8, .. Long(1), .. Long(7), .. Long(2), .. Long(50), .. Long(2),
            .. Samples.HashOf("lock 1").ToArray(), .. Samples.HashOf("lock 2").ToArray(),
        ];
        Assert.Equal(Hash.Of(expected), StateDigest.OfOpen(hold));
        Assert.Equal(default, StateDigest.OfOpen(hold with { Status = HoldStatus.Fulfilled }));
        Assert.Equal(default, StateDigest.OfOpen(hold with { Status = HoldStatus.Released }));
    }

    private static Settlement Settlement(Decision? decision) => new()
    {
        Proposer = Core.Tabs.Party.One,
        Payer = Core.Tabs.Party.Zero,
        Revisions = [First, Second],
        Decision = decision,
    };

    private static byte[] Bytes(long payer, long decision, Ref decided) =>
    [
        .. "tab-settlement/1"u8, .. Long(1), .. Long(payer), .. Long(2), .. Bytes(First), .. Bytes(Second),
        .. Long(decision), .. Long(decided.Page), .. Long(decided.Line),
    ];

    private static byte[] Bytes(Revision revision) =>
    [
        .. Long(revision.Ref.Page), .. Long(revision.Ref.Line), .. Long(revision.Amount.Units),
        .. Text(revision.Method), .. Text(revision.Reference),
    ];

    private static PartyFold Party(long given, long held, CreditLimit limit) =>
        Fold.Empty(Samples.Terms.Id).Zero with { Given = given, Held = held, Limit = limit };

    private static byte[] Long(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Long(bytes.Length), .. bytes];
    }
}
