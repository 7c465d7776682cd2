using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Wire;

namespace Tallystick.Core.Pages;

/// <summary>The fields of every line kind: their size, their writing and their reading, side by side.</summary>
internal static class LineBody
{
    /// <summary>The length of the body, request id included.</summary>
    public static int SizeOf(Line line) => line switch
    {
        UnknownLine unknown => unknown.Body.Length,
        OutOfBoundsLine beyond => beyond.Body.Length,
        _ => RequestId.Size + SizeOfFields(line),
    };

    /// <summary>Writes the body.</summary>
    public static void Write(CanonicalWriter to, Line line)
    {
        switch (line)
        {
            case UnknownLine unknown:
                to.Raw(unknown.Body.AsSpan());
                break;
            case OutOfBoundsLine beyond:
                to.Raw(beyond.Body.AsSpan());
                break;
            default:
                to.RequestId(line.RequestId);
                WriteFields(to, line);
                break;
        }
    }

    /// <summary>Reads the fields after the request id; null when they have their shape but not their bounds.</summary>
    public static Line? Read(ref CanonicalReader body, LineKind kind, RequestId id, Line? known) => kind switch
    {
        LineKind.Pay => ReadPay(ref body, id, known as PayLine),
        LineKind.Limit => ReadLimit(ref body, id),
        LineKind.Propose => ReadPropose(ref body, id),
        LineKind.Modify => ReadModify(ref body, id),
        LineKind.Withdraw => ReadRef(ref body, out var settlement) ? new WithdrawLine(id, settlement) : null,
        LineKind.Accept => ReadRef(ref body, out var revision) ? new AcceptLine(id, revision) : null,
        LineKind.Dispute => ReadRefAndReason(ref body, out var revision, out var reason)
            ? new DisputeLine(id, revision, reason)
            : null,
        LineKind.Received => ReadRef(ref body, out var revision) ? new ReceivedLine(id, revision) : null,
        LineKind.Hold => ReadHold(ref body, id),
        LineKind.Fulfil => ReadFulfil(ref body, id),
        LineKind.Release => ReadRefAndReason(ref body, out var hold, out var reason)
            ? new ReleaseLine(id, hold, reason)
            : null,
        LineKind.Version => ReadVersion(ref body, id),
        _ => null,
    };

    private static int SizeOfFields(Line line) => line switch
    {
        PayLine pay => SizeOf(pay.Amount) + CanonicalWriter.SizeOfText(pay.Memo),
        LimitLine limit => CanonicalWriter.SizeOfInteger(NumberOf(limit.Limit)),
        ProposeLine propose => 1 + SizeOfRevision(propose.Amount, propose.Method, propose.Reference),
        ModifyLine modify => SizeOf(modify.Settlement) + SizeOfRevision(modify.Amount, modify.Method, modify.Reference),
        WithdrawLine withdraw => SizeOf(withdraw.Settlement),
        AcceptLine accept => SizeOf(accept.Revision),
        DisputeLine dispute => SizeOf(dispute.Revision) + CanonicalWriter.SizeOfText(dispute.Reason),
        ReceivedLine received => SizeOf(received.Revision),
        HoldLine hold => SizeOf(hold.Amount) + SizeOf(hold.Locks) + CanonicalWriter.SizeOfBytes(hold.Data.Length)
            + CanonicalWriter.SizeOfInteger(hold.NotAfterMs),
        FulfilLine fulfil => SizeOf(fulfil.Hold) + SizeOf(fulfil.Preimages),
        ReleaseLine release => SizeOf(release.Hold) + CanonicalWriter.SizeOfText(release.Reason),
        VersionLine version => CanonicalWriter.SizeOfInteger(version.Version),
        _ => throw new ArgumentOutOfRangeException(nameof(line), line.GetType().Name, "This line has no fields."),
    };

    private static void WriteFields(CanonicalWriter to, Line line)
    {
        switch (line)
        {
            case PayLine pay:
                to.Integer(pay.Amount.Units);
                to.Text(pay.Memo);
                break;
            case LimitLine limit:
                to.Integer(NumberOf(limit.Limit));
                break;
            case ProposeLine propose:
                to.Flag(propose.PayerIsMe);
                WriteRevision(to, propose.Amount, propose.Method, propose.Reference);
                break;
            case ModifyLine modify:
                WriteRef(to, modify.Settlement);
                WriteRevision(to, modify.Amount, modify.Method, modify.Reference);
                break;
            case WithdrawLine withdraw:
                WriteRef(to, withdraw.Settlement);
                break;
            case AcceptLine accept:
                WriteRef(to, accept.Revision);
                break;
            case DisputeLine dispute:
                WriteRef(to, dispute.Revision);
                to.Text(dispute.Reason);
                break;
            case ReceivedLine received:
                WriteRef(to, received.Revision);
                break;
            case HoldLine hold:
                to.Integer(hold.Amount.Units);
                WriteHashes(to, hold.Locks);
                to.Bytes(hold.Data.AsSpan());
                to.Integer(hold.NotAfterMs);
                break;
            case FulfilLine fulfil:
                WriteRef(to, fulfil.Hold);
                WriteHashes(to, fulfil.Preimages);
                break;
            case ReleaseLine release:
                WriteRef(to, release.Hold);
                to.Text(release.Reason);
                break;
            case VersionLine version:
                to.Integer(version.Version);
                break;
        }
    }

    // The payment that is known, if every field reads just like that.
    private static PayLine? ReadPay(ref CanonicalReader body, RequestId id, PayLine? known)
    {
        var units = body.Integer();
        var memo = body.Utf8();
        if (!Amount.TryCreate(units, out var amount) || memo.Length > PageBounds.MaxMemoBytes)
            return null;
        return known is not null && known.RequestId == id && known.Amount == amount && IsSame(memo, known.Memo)
            ? known
            : new PayLine(id, amount, Encoding.UTF8.GetString(memo));
    }

    private static bool IsSame(ReadOnlySpan<byte> memo, string text)
    {
        if (memo.IsEmpty)
            return text.Length == 0;
        Span<char> characters = stackalloc char[PageBounds.MaxMemoBytes];
        return characters[..Encoding.UTF8.GetChars(memo, characters)].SequenceEqual(text);
    }

    private static LimitLine? ReadLimit(ref CanonicalReader body, RequestId id)
    {
        var number = body.Integer();
        if (number == 0)
            return new LimitLine(id, CreditLimit.None);
        return CreditLimit.TryCreate(number - 1, out var limit) ? new LimitLine(id, limit) : null;
    }

    private static ProposeLine? ReadPropose(ref CanonicalReader body, RequestId id)
    {
        var payerIsMe = body.Flag();
        return ReadRevision(ref body, out var amount, out var method, out var reference)
            ? new ProposeLine(id, payerIsMe, amount, method, reference)
            : null;
    }

    private static ModifyLine? ReadModify(ref CanonicalReader body, RequestId id)
    {
        // Both are read in every case, so that a wrong shape is never hidden behind a wrong bound.
        var named = ReadRef(ref body, out var settlement);
        return ReadRevision(ref body, out var amount, out var method, out var reference) && named
            ? new ModifyLine(id, settlement, amount, method, reference)
            : null;
    }

    private static HoldLine? ReadHold(ref CanonicalReader body, RequestId id)
    {
        var units = body.Integer();
        var locks = ReadHashes(ref body);
        var data = body.Bytes();
        var notAfterMs = body.Integer();
        return Amount.TryCreate(units, out var amount)
            && locks.Length is >= 1 and <= PageBounds.MaxLocks
            && data.Length <= PageBounds.MaxHoldDataBytes
                ? new HoldLine(id, amount, locks, ImmutableArray.Create(data), notAfterMs)
                : null;
    }

    private static FulfilLine? ReadFulfil(ref CanonicalReader body, RequestId id)
    {
        var named = ReadRef(ref body, out var hold);
        var preimages = ReadHashes(ref body);
        return named ? new FulfilLine(id, hold, preimages) : null;
    }

    private static VersionLine? ReadVersion(ref CanonicalReader body, RequestId id)
    {
        var version = body.Integer();
        return version is >= 1 and <= PageBounds.MaxVersion ? new VersionLine(id, (int)version) : null;
    }

    private static bool ReadRef(ref CanonicalReader body, out Ref at)
    {
        var (page, line) = (body.Integer(), body.Integer());
        at = new Ref(page, (int)Math.Min(line, int.MaxValue));
        return PageBounds.Holds(at);
    }

    private static bool ReadRefAndReason(ref CanonicalReader body, out Ref at, out string reason)
    {
        var named = ReadRef(ref body, out at);
        var bytes = body.Utf8();
        var fits = named && bytes.Length <= PageBounds.MaxMemoBytes;
        reason = fits ? Encoding.UTF8.GetString(bytes) : string.Empty;
        return fits;
    }

    private static bool ReadRevision(
        ref CanonicalReader body, out Amount amount, out string method, out string reference)
    {
        var units = body.Integer();
        var methodBytes = body.Utf8();
        var referenceBytes = body.Utf8();
        var fits = Amount.TryCreate(units, out amount)
            && methodBytes.Length <= PageBounds.MaxReferenceBytes
            && referenceBytes.Length <= PageBounds.MaxReferenceBytes;
        method = fits ? Encoding.UTF8.GetString(methodBytes) : string.Empty;
        reference = fits ? Encoding.UTF8.GetString(referenceBytes) : string.Empty;
        return fits;
    }

    private static ImmutableArray<Hash> ReadHashes(ref CanonicalReader body)
    {
        var hashes = new Hash[body.Count(Hash.Size)];
        for (var i = 0; i < hashes.Length; i++)
            hashes[i] = body.Hash();
        return ImmutableCollectionsMarshal.AsImmutableArray(hashes);
    }

    private static void WriteRef(CanonicalWriter to, Ref at)
    {
        to.Integer(at.Page);
        to.Integer(at.Line);
    }

    private static void WriteRevision(CanonicalWriter to, Amount amount, string method, string reference)
    {
        to.Integer(amount.Units);
        to.Text(method);
        to.Text(reference);
    }

    private static void WriteHashes(CanonicalWriter to, ImmutableArray<Hash> hashes)
    {
        to.Integer(hashes.Length);
        foreach (var hash in hashes)
            to.Hash(hash);
    }

    private static int SizeOf(Amount amount) => CanonicalWriter.SizeOfInteger(amount.Units);

    private static int SizeOf(Ref at) =>
        CanonicalWriter.SizeOfInteger(at.Page) + CanonicalWriter.SizeOfInteger(at.Line);

    private static int SizeOf(ImmutableArray<Hash> hashes) =>
        CanonicalWriter.SizeOfInteger(hashes.Length) + hashes.Length * Hash.Size;

    private static int SizeOfRevision(Amount amount, string method, string reference) =>
        SizeOf(amount) + CanonicalWriter.SizeOfText(method) + CanonicalWriter.SizeOfText(reference);

    // 0 is "none", so that none and every value have exactly one form.
    private static long NumberOf(CreditLimit limit) => limit.IsNone ? 0 : limit.Units + 1;
}
