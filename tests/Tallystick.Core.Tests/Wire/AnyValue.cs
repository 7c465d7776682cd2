using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Wire;

/// <summary>Generated values within all bounds, with the edges of the bounds more often than chance has them.</summary>
internal static class AnyValue
{
    private const long MaxUnits = Core.Money.Amount.MaxUnits;

    private static readonly string[] Pieces = ["a", "Z", " ", "é", "漢", "🍕", "\0", "\u202e", "\u0301", "0"];

    public static Gen<byte> Byte { get; } = Gen.Choose(0, 255).Select(i => (byte)i);

    public static Gen<byte[]> Bytes { get; } = Byte.ArrayOf();

    public static Gen<Hash> Hash { get; } = Byte.ArrayOf(Core.Identity.Hash.Size).Select(b => new Hash(b));

    public static Gen<RequestId> Request { get; } =
        Byte.ArrayOf(RequestId.Size).Select(b => RequestId.FromBytes(b));

    public static Gen<Amount> Amount { get; } =
        Number(1, MaxUnits).Select(Core.Money.Amount.FromUnits);

    public static Gen<CreditLimit> Limit { get; } = Gen.OneOf(
        Gen.Constant(CreditLimit.None),
        Number(0, MaxUnits).Select(CreditLimit.FromUnits));

    public static Gen<Ref> Ref { get; } =
        from page in Number(0, PageBounds.NumberLimit - 1)
        from line in Gen.Choose(0, PageBounds.MaxLines - 1)
        select new Ref(page, line);

    public static Gen<Line> Line { get; } = Gen.OneOf(
        from id in Request
        from amount in Amount
        from memo in Text(256)
        select (Line)new PayLine(id, amount, memo),
        from id in Request
        from limit in Limit
        select (Line)new LimitLine(id, limit),
        from id in Request
        from mine in Gen.Elements(true, false)
        from amount in Amount
        from method in Text(128)
        from reference in Text(128)
        select (Line)new ProposeLine(id, mine, amount, method, reference),
        from id in Request
        from settlement in Ref
        from amount in Amount
        from method in Text(128)
        from reference in Text(128)
        select (Line)new ModifyLine(id, settlement, amount, method, reference),
        from id in Request
        from settlement in Ref
        select (Line)new WithdrawLine(id, settlement),
        from id in Request
        from revision in Ref
        select (Line)new AcceptLine(id, revision),
        from id in Request
        from revision in Ref
        from reason in Text(256)
        select (Line)new DisputeLine(id, revision, reason),
        from id in Request
        from revision in Ref
        select (Line)new ReceivedLine(id, revision),
        from id in Request
        from amount in Amount
        from count in Gen.Choose(1, 2)
        from locks in Hash.ArrayOf(count)
        from length in Gen.Elements(0, 1, 127, 2048)
        from data in Byte.ArrayOf(length)
        from notAfter in Number(0, long.MaxValue)
        select (Line)new HoldLine(id, amount, [.. locks], [.. data], notAfter),
        from id in Request
        from hold in Ref
        from count in Gen.Choose(0, 3)
        from preimages in Hash.ArrayOf(count)
        select (Line)new FulfilLine(id, hold, [.. preimages]),
        from id in Request
        from hold in Ref
        from reason in Text(256)
        select (Line)new ReleaseLine(id, hold, reason),
        from id in Request
        from version in Gen.Choose(1, PageBounds.MaxVersion)
        select (Line)new VersionLine(id, version),
        from kind in Gen.OneOf(Gen.Constant(0), Gen.Choose(13, int.MaxValue))
        from body in Bytes
        select (Line)new UnknownLine(default, kind, [.. body]));

    public static Gen<Page> Page { get; } =
        from author in Gen.Elements(Party.Zero, Party.One)
        from hashes in Hash.ArrayOf(5)
        from number in Number(1, PageBounds.NumberLimit - 1)
        from seen in Number(0, PageBounds.NumberLimit - 1)
        from time in Number(0, long.MaxValue)
        from count in Gen.Choose(0, 8)
        from lines in Line.ArrayOf(count)
        from totals in Number(0, PageBounds.MaxGivenAndHeld).ArrayOf(4)
        select new Page
        {
            Tab = Samples.Terms.Id,
            Author = author,
            Number = number,
            Previous = hashes[0],
            Seen = new Head(seen, hashes[1]),
            Basis = hashes[2],
            TimeMs = time,
            Lines = [.. lines],
            Totals = new Totals(totals[0], totals[1], totals[2], totals[3]),
            StateDigest = hashes[3],
        };

    /// <summary>A text of at most so many bytes of UTF-8.</summary>
    public static Gen<string> Text(int maxBytes) =>
        from count in Gen.Elements(0, 1, 5, maxBytes)
        from pieces in Gen.Elements(Pieces).ArrayOf(count)
        select Fit(string.Concat(pieces), maxBytes);

    /// <summary>A number between two bounds, both included.</summary>
    public static Gen<long> Number(long least, long most) => Gen.OneOf(
        Gen.Elements(least, least + 1, most - 1, most),
        Between(least, most),
        Between(least, Math.Min(most, least + 300)));

    private static Gen<long> Between(long least, long most) =>
        from high in Gen.Choose(0, int.MaxValue)
        from low in Gen.Choose(0, int.MaxValue)
        select least + (long)(((ulong)high << 31 | (uint)low) % ((ulong)(most - least) + 1));

    private static string Fit(string text, int maxBytes)
    {
        while (Encoding.UTF8.GetByteCount(text) > maxBytes)
            text = text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
        return text;
    }
}
