using System.Collections.Immutable;
using System.Text;
using Tallystick.Core.Holds;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;

namespace Tallystick.Node.Storage.Sqlite;

/// <summary>The record column of table object. Creator and first line stand in its key and are not repeated.</summary>
/// <remarks>
/// Settlement: payer, withdrawn page, decision, last accepted, booked, booked page, count, revisions
/// (ref, amount, method, reference). Hold: amount, status, answered page, count, locks. Numbers are 7-bit encoded;
/// an absent ref is page 0.
/// </remarks>
internal static class ObjectRecords
{
    public static byte[] Encode(Settlement settlement)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write((byte)settlement.Payer);
        writer.Write7BitEncodedInt64(settlement.WithdrawnOnPage);
        writer.Write(settlement.Decision?.Accepted ?? false);
        Write(writer, settlement.Decision?.Revision);
        Write(writer, settlement.LastAccepted);
        Write(writer, settlement.Booked);
        writer.Write7BitEncodedInt64(settlement.BookedOnPage);
        writer.Write7BitEncodedInt(settlement.Revisions.Length);
        foreach (var revision in settlement.Revisions)
        {
            Write(writer, revision.Ref);
            writer.Write7BitEncodedInt64(revision.Amount.Units);
            writer.Write(revision.Method);
            writer.Write(revision.Reference);
        }
        return bytes.ToArray();
    }

    public static Settlement DecodeSettlement(Party proposer, byte[] record)
    {
        using var reader = new BinaryReader(new MemoryStream(record), Encoding.UTF8);
        var payer = (Party)reader.ReadByte();
        var withdrawnOnPage = reader.Read7BitEncodedInt64();
        var accepted = reader.ReadBoolean();
        Decision? decision = ReadRef(reader) is { } decided ? new Decision(accepted, decided) : null;
        var lastAccepted = ReadRef(reader);
        var booked = ReadRef(reader);
        var bookedOnPage = reader.Read7BitEncodedInt64();
        var revisions = ImmutableArray.CreateBuilder<Revision>();
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            revisions.Add(new Revision(
                ReadRef(reader) ?? throw new InvalidDataException("A revision without a line."),
                Amount.FromUnits(reader.Read7BitEncodedInt64()),
                reader.ReadString(),
                reader.ReadString()));
        }
        return new Settlement
        {
            Proposer = proposer,
            Payer = payer,
            Revisions = revisions.ToImmutable(),
            WithdrawnOnPage = withdrawnOnPage,
            Decision = decision,
            LastAccepted = lastAccepted,
            Booked = booked,
            BookedOnPage = bookedOnPage,
        };
    }

    public static byte[] Encode(Hold hold)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write7BitEncodedInt64(hold.Amount.Units);
        writer.Write((byte)hold.Status);
        writer.Write7BitEncodedInt64(hold.AnsweredOnPage);
        writer.Write7BitEncodedInt(hold.Locks.Length);
        foreach (var item in hold.Locks)
            writer.Write(item.ToArray());
        return bytes.ToArray();
    }

    public static Hold DecodeHold(ObjectKey key, byte[] record)
    {
        using var reader = new BinaryReader(new MemoryStream(record));
        var amount = Amount.FromUnits(reader.Read7BitEncodedInt64());
        var status = (HoldStatus)reader.ReadByte();
        var answeredOnPage = reader.Read7BitEncodedInt64();
        var locks = ImmutableArray.CreateBuilder<Hash>();
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
            locks.Add(new Hash(reader.ReadBytes(Hash.Size)));
        return new Hold
        {
            Author = key.Creator,
            Ref = key.Ref,
            Amount = amount,
            Locks = locks.ToImmutable(),
            Status = status,
            AnsweredOnPage = answeredOnPage,
        };
    }

    private static void Write(BinaryWriter writer, Ref? value)
    {
        writer.Write7BitEncodedInt64(value?.Page ?? 0);
        if (value is { } present)
            writer.Write7BitEncodedInt(present.Line);
    }

    private static Ref? ReadRef(BinaryReader reader)
    {
        var page = reader.Read7BitEncodedInt64();
        return page == 0 ? null : new Ref(page, reader.Read7BitEncodedInt());
    }
}
