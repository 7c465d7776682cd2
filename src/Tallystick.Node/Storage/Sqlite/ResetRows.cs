using System.Collections.Immutable;
using Tallystick.Core.Loop;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>Reads and writes tables reset and reset_offer.</summary>
internal static class ResetRows
{
    private const string SelectAll =
        "select bytes, signature0, signature1 from reset where tab = ?1 order by era";

    private const string SelectNewest =
        "select era, hash, first0, first1 from reset where tab = ?1 order by era desc limit 1";

    // The evidence stays: the reset takes the freeze off the tab, not out of the book.
    private const string Insert =
        """
        insert into reset
            (tab, era, hash, first0, first1, bytes, signature0, signature1, stored_ms, fault, fault_signature, by_me)
        select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, freeze.fault, freeze.signature, freeze.by_me
        from (select 1) left join freeze on freeze.tab = ?1
        """;

    private const string SelectOffer = "select bytes from reset_offer where tab = ?1";

    private const string UpsertOffer = "insert or replace into reset_offer (tab, bytes) values (?1, ?2)";

    private const string DeleteOffer = "delete from reset_offer where tab = ?1";

    /// <summary>The newest reset: its place in the chain of resets, and where the two chains of pages go on.</summary>
    public readonly record struct Newest(Head Era, long FirstOfZero, long FirstOfOne)
    {
        /// <summary>What the first page after it follows.</summary>
        public Head HeadOf(Party party) =>
            new((party == Party.Zero ? FirstOfZero : FirstOfOne) - 1, Era.Hash);
    }

    public static ImmutableArray<AgreedReset> All(SqliteConnection book, long tab)
    {
        var rows = book.For(SelectAll).Bind(1, tab);
        var resets = ImmutableArray.CreateBuilder<AgreedReset>();
        while (rows.Step())
            resets.Add(new AgreedReset(StoredBytes.Reset(rows.Bytes(0)), rows.Bytes(1), rows.Bytes(2)));
        return resets.ToImmutable();
    }

    public static Newest? FindNewest(SqliteConnection book, long tab)
    {
        var row = book.For(SelectNewest).Bind(1, tab);
        if (!row.Step())
            return null;
        var newest = new Newest(new Head(row.Long(0), row.Hash(1)), row.Long(2), row.Long(3));
        row.Reset();
        return newest;
    }

    public static void Append(SqliteConnection book, long tab, AgreedReset agreed, long nowMs)
    {
        var reset = agreed.Reset;
        book.For(Insert)
            .Bind(1, tab)
            .Bind(2, reset.Era)
            .Bind(3, agreed.Content.Hash)
            .Bind(4, reset.Zero.First)
            .Bind(5, reset.One.First)
            .Bind(6, agreed.Content.Bytes.Span)
            .Bind(7, agreed.SignatureOfZero.Span)
            .Bind(8, agreed.SignatureOfOne.Span)
            .Bind(9, nowMs)
            .Run();
    }

    public static EncodedReset? FindOffer(SqliteConnection book, long tab)
    {
        var row = book.For(SelectOffer).Bind(1, tab);
        if (!row.Step())
            return null;
        var offer = StoredBytes.Reset(row.Bytes(0));
        row.Reset();
        return offer;
    }

    /// <summary>Writes the own offer where it differs between two snapshots of a tab.</summary>
    public static void WriteOffer(SqliteConnection book, long tab, TabSnapshot? before, TabSnapshot after)
    {
        if (ReferenceEquals(before?.Offer, after.Offer))
            return;
        if (after.Offer is { } offer)
            book.For(UpsertOffer).Bind(1, tab).Bind(2, offer.Bytes.Span).Run();
        else
            book.For(DeleteOffer).Bind(1, tab).Run();
    }
}
