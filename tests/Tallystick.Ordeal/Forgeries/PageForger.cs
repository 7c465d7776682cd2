using System.Security.Cryptography;
using Tallystick.Ordeal.Checking;

namespace Tallystick.Ordeal.Forgeries;

/// <summary>
/// Writes pages with the nodes' own keys, as only a thief of a key or a broken program could: well formed and well
/// signed, and wrong.
/// </summary>
internal sealed class PageForger(string run, string author, string other, byte[] tab)
{
    private readonly TabCheck known = Judge(run, author, tab);
    private readonly StoredTab half = Half(run, author, tab);

    /// <summary>What a forged page says instead of what it should say.</summary>
    internal sealed record Twist
    {
        public Guid? Request { get; init; }

        public long Amount { get; init; } = 7;

        public long WrongGiven { get; init; }

        public long WrongSeen { get; init; }

        public bool SeenLess { get; init; }

        public bool WrongSeenHash { get; init; }

        public bool WrongDigest { get; init; }

        public long WrongNumber { get; init; }

        public bool WrongPrevious { get; init; }

        public bool WithoutLines { get; init; }
    }

    /// <summary>Puts a page at the end of the author's chain in both halves, with its wish.</summary>
    public void Append(Twist twist)
    {
        var me = half.Me;
        var last = known.Chains[me][^1];
        // The other may have written any number of pages behind those that the author's last page has seen.
        var seen = twist.SeenLess ? last.Seen - 1 : known.Chains[1 - me].Count + twist.WrongSeen;
        var request = twist.Request ?? Guid.CreateVersion7();
        var given = Given(me) + (twist.WithoutLines ? 0 : twist.Amount);
        var taken = Given(1 - me);
        var (mine, theirs) = (LimitOf(me), LimitOf(1 - me));
        var digest = me == 0
            ? TabCheck.DigestOf(given, taken, mine, theirs)
            : TabCheck.DigestOf(taken, given, theirs, mine);
        var writer = new ByteWriter()
            .Raw("tab-page/1"u8).Raw(tab).Raw([(byte)me])
            .Integer(last.Number + 1 + twist.WrongNumber).Raw(Or(twist.WrongPrevious, last.Hash))
            .Integer(seen).Raw(Or(twist.WrongSeenHash, SeenHash(1 - me, seen)))
            .Raw(last.Basis).Integer(0);
        if (twist.WithoutLines)
        {
            writer.Integer(0);
        }
        else
        {
            var body = new ByteWriter().Raw(request.ToByteArray(bigEndian: true)).Integer(twist.Amount).Integer(0);
            writer.Integer(1).Integer(LineFile.Pay).Integer(body.Bytes.Length).Raw(body.Bytes);
        }
        var bytes = writer.Integer(given + twist.WrongGiven).Integer(taken).Integer(0).Integer(0)
            .Raw(Or(twist.WrongDigest, digest)).Bytes;
        Store(bytes, last.Number + 1, !twist.WithoutLines, request);
    }

    private long Given(int party) => known.Chains[party].SelectMany(page => page.Lines).Sum(line => line.Amount);

    private long? LimitOf(int party) =>
        known.Chains[party].SelectMany(p => p.Lines).Last(l => l.Kind == LineFile.Cap).Limit;

    private byte[] SeenHash(int party, long number) =>
        known.Chains[party] is var chain && number > 0 && number <= chain.Count ? chain[(int)number - 1].Hash : tab;

    private static byte[] Or(bool isWrong, byte[] right) => isWrong ? new byte[32] : right;

    private void Store(byte[] bytes, long number, bool hasLines, Guid request)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(run, author, "key")));
        var signature = key.SignData(
            bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        foreach (var side in (string[])[author, other])
        {
            using var book = Sqlite.Write(Path.Combine(run, side, Book.FileName));
            book.Run(
                "insert into page (tab, author, number, hash, bytes, signature, has_lines, stored_ms) "
                    + "select id, ?, ?, ?, ?, ?, ?, 0 from tab where tab_id = ?",
                half.Me, number, SHA256.HashData(bytes), bytes, signature, hasLines ? 1 : 0, tab);
            if (side == author && hasLines)
            {
                book.Run(
                    "insert or replace into intent (request_id, tab, state, page, line) "
                        + "select ?, id, 1, ?, 0 from tab where tab_id = ?",
                    request.ToByteArray(bigEndian: true), number, tab);
            }
        }
    }

    private static StoredTab Half(string run, string name, byte[] tab) =>
        Book.Read(Path.Combine(run, name)).Tabs.Single(t => t.Id.AsSpan().SequenceEqual(tab));

    private static TabCheck Judge(string run, string name, byte[] tab)
    {
        var check = new TabCheck(name, Half(run, name, tab), []);
        check.Run();
        return check;
    }
}
