using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Resets;

/// <summary>A Reset as bytes, without the signatures. Both parties sign the same bytes.</summary>
/// <remarks>
/// <code>
/// "tab-reset/1"   11 bytes
/// tab             hash
/// era             integer, from 1, below 2^31
/// previous        hash: of the reset before it; the tab's id for era 1
/// then for party 0 and for party 1:
///   kept          head: its last valid page; number 0 with the tab's id for none
///   first         integer, above kept, below 2^53: the number of its first new page
///   given         integer
///   limit         integer: 0 for none, else 1 + the limit
///   hasLimit      0 or 1, one byte: whether it ever stated a limit; without, limit is 1
///   version       integer, 1 to 1,000,000
///   holds         integer (how many, at most 256), each:
///                 page, line, amount, count of locks (three integers and one), each lock a hash
/// </code>
/// The holds of a party are its open ones, in the order of page and line, on pages up to the one kept.
/// </remarks>
public static class ResetCodec
{
    private const int MinHoldBytes = 4 + Hash.Size;

    private static ReadOnlySpan<byte> Tag => "tab-reset/1"u8;

    /// <summary>The bytes of the Reset and their hash.</summary>
    public static EncodedReset Encode(Reset reset)
    {
        var writer = new CanonicalWriter(512);
        writer.Raw(Tag);
        writer.Hash(reset.Tab.Hash);
        writer.Integer(reset.Era);
        writer.Hash(reset.Previous);
        Write(writer, reset.Zero);
        Write(writer, reset.One);
        var bytes = writer.Finish();
        return new EncodedReset(reset, bytes, Hash.Of(bytes));
    }

    /// <summary>Reads a Reset. The memory is kept, not copied: the caller must not change it any more.</summary>
    public static bool TryDecode(
        ReadOnlyMemory<byte> bytes,
        [NotNullWhen(true)] out EncodedReset? reset,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        reset = null;
        var reader = new CanonicalReader(bytes.Span);
        reader.Tag(Tag);
        var tab = new TabId(reader.Hash());
        var content = new Reset
        {
            Tab = tab,
            Era = reader.SmallInteger(),
            Previous = reader.Hash(),
            Zero = ReadParty(ref reader, tab, Party.Zero),
            One = ReadParty(ref reader, tab, Party.One),
        };
        if (content.Era < 1 || (content.Era == 1 && content.Previous != tab.Hash))
            reader.Fail("its era does not follow the one before");
        refusal = reader.Finish("reset");
        if (refusal is null)
            reset = new EncodedReset(content, bytes, Hash.Of(bytes.Span));
        return reset is not null;
    }

    private static void Write(CanonicalWriter writer, ResetParty party)
    {
        writer.Head(party.Kept);
        writer.Integer(party.First);
        writer.Integer(party.Given);
        writer.Integer(party.Limit.IsNone ? 0 : party.Limit.Units + 1);
        writer.Flag(party.HasLimit);
        writer.Integer(party.Version);
        writer.Integer(party.Holds.Length);
        foreach (var hold in party.Holds)
        {
            writer.Integer(hold.Ref.Page);
            writer.Integer(hold.Ref.Line);
            writer.Integer(hold.Amount.Units);
            writer.Integer(hold.Locks.Length);
            foreach (var item in hold.Locks)
                writer.Hash(item);
        }
    }

    private static ResetParty ReadParty(ref CanonicalReader reader, TabId tab, Party author)
    {
        var party = new ResetParty
        {
            Kept = reader.Head(),
            First = reader.Integer(),
            Given = reader.Integer(),
            Limit = ReadLimit(ref reader),
            HasLimit = reader.Flag(),
            Version = reader.SmallInteger(),
            Holds = ReadHolds(ref reader, author),
        };
        if (party.First <= party.Kept.Number || party.First >= PageBounds.NumberLimit)
            reader.Fail("a first page number is not above the page kept and below 2^53");
        if (party.Kept.Number == 0 && party.Kept.Hash != tab.Hash)
            reader.Fail("a chain without pages does not begin with the tab");
        if (!party.HasLimit && party.Limit != CreditLimit.Zero)
            reader.Fail("a limit is in force that was never stated");
        if (party.Version is < 1 or > PageBounds.MaxVersion)
            reader.Fail("a version is out of bounds");
        if (party.Holds.Any(hold => hold.Ref.Page > party.Kept.Number))
            reader.Fail("a hold stands after the page kept");
        var held = party.Holds.Sum(hold => hold.Amount.Units);
        if (party.Given > PageBounds.MaxGivenAndHeld - held)
            reader.Fail("a total is out of bounds");
        return party;
    }

    private static CreditLimit ReadLimit(ref CanonicalReader reader)
    {
        var number = reader.Integer();
        if (number == 0)
            return CreditLimit.None;
        if (!CreditLimit.TryCreate(number - 1, out var limit))
            reader.Fail("a limit is out of bounds");
        return limit;
    }

    private static ImmutableArray<Hold> ReadHolds(ref CanonicalReader reader, Party author)
    {
        var count = reader.Count(MinHoldBytes);
        if (count > PageBounds.MaxOpenHolds)
            reader.Fail("there are too many holds");
        var holds = ImmutableArray.CreateBuilder<Hold>();
        for (var i = 0; i < count && reader.Problem is null; i++)
        {
            var at = new Ref(reader.Integer(), reader.SmallInteger());
            if (!PageBounds.Holds(at) || at.Page == 0 || (i > 0 && at <= holds[^1].Ref))
                reader.Fail("a hold is out of order or out of bounds");
            if (!Amount.TryCreate(reader.Integer(), out var amount))
                reader.Fail("an amount is out of bounds");
            var locks = reader.Count(Hash.Size);
            if (locks is < 1 or > PageBounds.MaxLocks)
                reader.Fail("a hold has no lock or too many");
            var read = new Hash[reader.Problem is null ? locks : 0];
            for (var j = 0; j < read.Length; j++)
                read[j] = reader.Hash();
            holds.Add(new Hold { Author = author, Ref = at, Amount = amount, Locks = [.. read] });
        }
        return holds.ToImmutable();
    }
}
