using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;

namespace Tallystick.Core.Tabs;

/// <summary>
/// The digest that each page states of its author's view. It adds no security, since both chains are hashed anyway:
/// it finds software that folds differently at the first page instead of the first quarrel.
/// </summary>
/// <remarks>
/// All integers are 8 bytes, big-endian, a limit of none is all ones, text is its length and its UTF-8 bytes.
/// <code>
/// state      = SHA256("tab-state/1" given0 given1 held0 held1 limit0 limit1 openObjects(32))
/// settlement = SHA256("tab-settlement/1" proposer payer count (page line amount method reference)* decision page line)
/// hold       = SHA256("tab-hold/1" author page line amount count lock(32)*)
/// </code>
/// Here decision is 0 for none, 1 for disputed and 2 for accepted, and openObjects is the exclusive or of the hashes
/// of every open settlement and hold. A closed one contributes nothing.
/// </remarks>
public static class StateDigest
{
    /// <summary>The digest of a whole view.</summary>
    public static Hash Of(Fold fold)
    {
        var tag = "tab-state/1"u8;
        Span<byte> bytes = stackalloc byte[tag.Length + 6 * sizeof(long) + Hash.Size];
        tag.CopyTo(bytes);
        var rest = bytes[tag.Length..];
        BinaryPrimitives.WriteInt64BigEndian(rest, fold.Zero.Given);
        BinaryPrimitives.WriteInt64BigEndian(rest[8..], fold.One.Given);
        BinaryPrimitives.WriteInt64BigEndian(rest[16..], fold.Zero.Held);
        BinaryPrimitives.WriteInt64BigEndian(rest[24..], fold.One.Held);
        BinaryPrimitives.WriteInt64BigEndian(rest[32..], OnWire(fold.Zero.Limit));
        BinaryPrimitives.WriteInt64BigEndian(rest[40..], OnWire(fold.One.Limit));
        fold.OpenObjects.CopyTo(rest[48..]);
        return Hash.Of(bytes);
    }

    /// <summary>
    /// What <paramref name="settlement"/> contributes: its record's hash while it is open, else zero.
    /// </summary>
    public static Hash OfOpen(Settlement settlement)
    {
        if (settlement.IsClosed)
            return default;
        var bytes = new ArrayBufferWriter<byte>(256);
        bytes.Write("tab-settlement/1"u8);
        Write(bytes, (long)settlement.Proposer);
        Write(bytes, (long)settlement.Payer);
        Write(bytes, settlement.Revisions.Length);
        foreach (var revision in settlement.Revisions)
        {
            Write(bytes, revision.Ref);
            Write(bytes, revision.Amount.Units);
            Write(bytes, revision.Method);
            Write(bytes, revision.Reference);
        }
        var decision = settlement.Decision;
        Write(bytes, decision is null ? 0 : decision.Value.Accepted ? 2 : 1);
        Write(bytes, decision?.Revision ?? default);
        return Hash.Of(bytes.WrittenSpan);
    }

    /// <summary>What <paramref name="hold"/> contributes: its record's hash while it is open, else zero.</summary>
    public static Hash OfOpen(Hold hold)
    {
        if (hold.Status != HoldStatus.Open)
            return default;
        var bytes = new ArrayBufferWriter<byte>(128);
        bytes.Write("tab-hold/1"u8);
        Write(bytes, (long)hold.Author);
        Write(bytes, hold.Ref);
        Write(bytes, hold.Amount.Units);
        Write(bytes, hold.Locks.Length);
        foreach (var key in hold.Locks)
        {
            key.CopyTo(bytes.GetSpan(Hash.Size));
            bytes.Advance(Hash.Size);
        }
        return Hash.Of(bytes.WrittenSpan);
    }

    private static long OnWire(CreditLimit limit) => limit.IsNone ? -1 : limit.Units;

    private static void Write(ArrayBufferWriter<byte> bytes, Ref value)
    {
        Write(bytes, value.Page);
        Write(bytes, value.Line);
    }

    private static void Write(ArrayBufferWriter<byte> bytes, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(sizeof(long)), value);
        bytes.Advance(sizeof(long));
    }

    private static void Write(ArrayBufferWriter<byte> bytes, string text)
    {
        Write(bytes, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, bytes);
    }
}
