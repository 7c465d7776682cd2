using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Tallystick.Ordeal.Checking;

/// <summary>
/// Judges one half of a tab from its bytes alone: links, numbers, what was seen, signatures, limits, totals, digests.
/// Straightforward sums over lists, so that it can be wrong in other ways than the program's fold.
/// </summary>
internal sealed class TabCheck(string where, StoredTab tab, List<Finding> findings)
{
    private readonly List<PageFile>[] chains = [[], []];

    /// <summary>The pages of both chains; shorter than what is stored if one could not be read.</summary>
    public IReadOnlyList<PageFile>[] Chains => [chains[0], chains[1]];

    /// <summary>What the node's person is owed, by summing all payments of both chains.</summary>
    public Int128 Balance => Paid(1 - tab.Me) - Paid(tab.Me);

    public long Signatures { get; private set; }

    public void Run()
    {
        if (!TabId().AsSpan().SequenceEqual(tab.Id))
            Find(Claims.Book, "the tab's id is not the hash of its keys and asset");
        if (tab.Key0.AsSpan().SequenceCompareTo(tab.Key1) >= 0)
            Find(Claims.Book, "the keys are not in order");
        if (tab.Frozen)
            Find(Claims.Book, "the tab is frozen");
        foreach (var author in (int[])[0, 1])
            ReadChain(author);
        foreach (var author in (int[])[0, 1])
            JudgeChain(author);
        CheckIntents();
    }

    private void ReadChain(int author)
    {
        using var key = new CurveKey(author == 0 ? tab.Key0 : tab.Key1);
        var before = tab.Id;
        foreach (var stored in tab.Chains[author])
        {
            var at = $"page {stored.Number} of party {author}";
            PageFile page;
            try
            {
                page = PageFile.Read(stored.Bytes);
            }
            catch (BadBytesException bad)
            {
                Find(Claims.Bytes, $"{at} cannot be read: {bad.Message}");
                return;
            }
            if (!key.Signed(stored.Bytes, stored.Signature))
                Find(Claims.Signature, $"{at} is not signed by its author");
            Signatures++;
            if (page.Author != author || !page.Tab.AsSpan().SequenceEqual(tab.Id))
                Find(Claims.Book, $"{at} says that it is another's, or of another tab");
            if (page.Number != chains[author].Count + 1 || page.Number != stored.Number)
                Find(Claims.Number, $"{at} says {page.Number}, and is the {chains[author].Count + 1}th");
            if (!page.Previous.AsSpan().SequenceEqual(before))
                Find(Claims.Previous, $"{at} does not continue the page before it");
            if (!page.Hash.AsSpan().SequenceEqual(stored.Hash))
                Find(Claims.Book, $"{at} is indexed by another hash");
            before = page.Hash;
            chains[author].Add(page);
        }
    }

    // Each page is judged with the own pages up to it and the other's pages up to what it has seen.
    private void JudgeChain(int author)
    {
        var others = chains[1 - author];
        Int128 given = 0, taken = 0;
        long? ownLimit = 0, otherLimit = 0;
        long seen = 0;
        foreach (var page in chains[author])
        {
            var at = $"page {page.Number} of party {author}";
            if (page.Seen < seen)
                Find(Claims.Seen, $"{at} has seen {page.Seen}, the one before it {seen}");
            if (page.Seen > others.Count)
            {
                Find(Claims.Seen, $"{at} has seen page {page.Seen}, which is not here");
                return;
            }
            if (!page.SeenHash.AsSpan().SequenceEqual(page.Seen == 0 ? tab.Id : others[(int)page.Seen - 1].Hash))
                Find(Claims.Seen, $"{at} has seen another page {page.Seen} than the one here");
            var news = others.Skip((int)seen).Take((int)Math.Max(0, page.Seen - seen)).ToList();
            if (page.Lines.Count == 0 && news.TrueForAll(p => p.Lines.Count == 0))
                Find(Claims.Receipt, $"{at} is a receipt for nothing new");
            foreach (var line in news.SelectMany(p => p.Lines))
            {
                taken += line.Amount;
                if (line.Kind == LineFile.Cap)
                    otherLimit = line.Limit;
            }
            seen = Math.Max(seen, page.Seen);
            foreach (var line in page.Lines)
            {
                if (line.Kind == LineFile.Cap)
                    ownLimit = line.Limit;
                else if (line.Amount < 1 || otherLimit is { } most && given - taken + line.Amount > most)
                    Find(Claims.Limit, $"{at} pays {line.Amount}, and owes {given - taken} at a limit of {otherLimit}");
                given += line.Amount;
            }
            if (page.Given != given || page.Taken != taken || page.Held != 0 || page.HeldPeer != 0)
                Find(Claims.Totals, $"{at} says {page.Given} and {page.Taken}; the sums are {given} and {taken}");
            var digest = author == 0
                ? DigestOf((long)given, (long)taken, ownLimit, otherLimit)
                : DigestOf((long)taken, (long)given, otherLimit, ownLimit);
            if (!page.Digest.AsSpan().SequenceEqual(digest))
                Find(Claims.Digest, $"{at} has another digest than its view");
        }
    }

    // A wish that is done names the place of its line, or its page says so of all that it carries; every own payment has
    // such a wish, and no wish has two.
    private void CheckIntents()
    {
        var donePages = tab.DonePages.ToDictionary(page => page.Page);
        var places = new HashSet<Guid>();
        var done = tab.Intents.Where(i => i.State == StoredIntent.Done).ToDictionary(i => i.Request);
        foreach (var wish in tab.Intents.Where(i => i.State == StoredIntent.Waiting))
            Find(Claims.Book, $"{wish.Request} still waits");
        foreach (var (page, line, index) in Lines(tab.Me).Where(l => l.Line.Kind == LineFile.Pay))
        {
            if (!places.Add(line.Request))
                Find(Claims.Book, $"the wish {line.Request} is done twice, the second time on page {page}");
            if (donePages.TryGetValue(page, out var all) && !done.ContainsKey(line.Request)
                && Order(all.First, line.Request) <= 0 && Order(line.Request, all.Last) <= 0)
            {
                continue;
            }
            if (!done.TryGetValue(line.Request, out var wish) || wish.Page != page || wish.Line != index)
                Find(Claims.Book, $"the wish {line.Request} does not name page {page}, line {index}, where it is");
        }
    }

    // By their bytes, as the book orders them.
    private static int Order(Guid left, Guid right) =>
        left.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(right.ToByteArray(bigEndian: true));

    public IEnumerable<(long Page, LineFile Line, int Index)> Lines(int author) =>
        chains[author].SelectMany(page => page.Lines.Select((line, i) => (page.Number, line, i)));

    private Int128 Paid(int author) =>
        chains[author].SelectMany(page => page.Lines).Aggregate((Int128)0, (sum, line) => sum + line.Amount);

    private byte[] TabId()
    {
        var code = Encoding.ASCII.GetBytes(tab.Asset);
        return SHA256.HashData(
            [.. "tab/1"u8, .. tab.Key0, .. tab.Key1, (byte)code.Length, .. code, (byte)tab.Scale]);
    }

    /// <summary>The state digest of a view without open settlements and holds.</summary>
    public static byte[] DigestOf(long given0, long given1, long? limit0, long? limit1)
    {
        var bytes = new List<byte>("tab-state/1"u8.ToArray());
        foreach (var number in (long[])[given0, given1, 0, 0, limit0 ?? -1, limit1 ?? -1])
        {
            var eight = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(eight, number);
            bytes.AddRange(eight);
        }
        bytes.AddRange(new byte[32]);
        return SHA256.HashData(bytes.ToArray());
    }

    private void Find(string kind, string text) => findings.Add(new Finding(kind, $"{where}: {text}"));
}
