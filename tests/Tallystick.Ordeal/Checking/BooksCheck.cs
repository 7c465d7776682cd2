using System.Globalization;

namespace Tallystick.Ordeal.Checking;

/// <summary>What a check found, and how much it looked at.</summary>
internal sealed record Proof(
    IReadOnlyList<Finding> Findings, int Nodes, int Tabs, long Pages, long Signatures, long Payments, long Calls)
{
    public bool Holds => Findings.Count == 0;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Nodes} books, {Tabs} tabs, {Pages:N0} pages, {Payments:N0} payments, {Signatures:N0} signatures checked, ")
        + string.Create(CultureInfo.InvariantCulture, $"{Calls:N0} calls compared: ")
        + (Holds ? "everything holds" : $"{Findings.Count} claims are broken");
}

/// <summary>
/// Reads the books of all nodes of a run, read-only, and proves every claim from their bytes. Shares no code with the
/// program; docs/PROTOCOL.md is its only source.
/// </summary>
internal static class BooksCheck
{
    /// <summary>Checks the folder of a run: every folder in it that holds a book, and what callers were told.</summary>
    public static Proof Run(string folder) => Run(
        [.. Directory.GetDirectories(folder).Where(HasBook).Order(StringComparer.Ordinal)],
        Records.ReadCalls(folder),
        Records.ReadBalances(folder));

    public static bool HasBook(string folder) => File.Exists(Path.Combine(folder, Book.FileName));

    public static Proof Run(
        IReadOnlyList<string> folders, IReadOnlyList<Call>? calls, IReadOnlyList<SaidBalance>? balances)
    {
        var findings = new List<Finding>();
        var halves = new List<Half>();
        foreach (var book in folders.AsParallel().AsOrdered().Select(Book.Read))
        {
            foreach (var tab in book.Tabs)
            {
                var name = $"{book.Name}, {tab.Asset} tab {Convert.ToHexStringLower(tab.Id)[..8]}";
                halves.Add(new Half(book.Name, tab, new TabCheck(name, tab, [])));
            }
        }
        foreach (var found in halves.AsParallel().AsOrdered().Select(JudgeAlone))
            findings.AddRange(found);
        foreach (var pair in halves.GroupBy(half => Convert.ToHexString(half.Tab.Id)))
            Compare([.. pair], findings);
        foreach (var asset in halves.GroupBy(half => half.Tab.Asset))
        {
            var sum = asset.Aggregate((Int128)0, (total, half) => total + half.Check.Balance);
            if (sum != 0)
                findings.Add(new Finding(Claims.Sum, $"all balances in {asset.Key} sum to {sum}, not to 0"));
        }
        if (calls is not null)
            new CallsCheck(halves, findings).Run(calls);
        if (balances is not null)
            CompareBalances(halves, balances, findings);
        return new Proof(
            findings,
            folders.Count,
            halves.Count / 2,
            halves.Sum(half => half.Check.Chains.Sum(chain => (long)chain.Count)) / 2,
            halves.Sum(half => half.Check.Signatures),
            halves.Sum(half => half.Payments(half.Tab.Me).LongCount()),
            calls?.Count ?? 0);
    }

    private static List<Finding> JudgeAlone(Half half)
    {
        var findings = new List<Finding>();
        half.Check = new TabCheck(half.Name, half.Tab, findings);
        half.Check.Run();
        return findings;
    }

    private static void Compare(List<Half> pair, List<Finding> findings)
    {
        if (pair is not [var one, var two] || one.Tab.Me == two.Tab.Me)
        {
            findings.Add(new Finding(Claims.Halves, $"{pair[0].Name}: {pair.Count} halves are here"));
            return;
        }
        foreach (var party in (int[])[0, 1])
        {
            var (mine, theirs) = (one.Tab.Chains[party], two.Tab.Chains[party]);
            if (mine.Count != theirs.Count)
            {
                findings.Add(new Finding(
                    Claims.Halves, $"{one.Name} has {mine.Count} pages of party {party}, {two.Book} {theirs.Count}"));
            }
            foreach (var (a, b) in mine.Zip(theirs))
            {
                if (!a.Bytes.AsSpan().SequenceEqual(b.Bytes))
                {
                    findings.Add(new Finding(
                        Claims.Halves, $"{one.Name} and {two.Book} hold another page {a.Number} of party {party}"));
                }
            }
        }
        if (one.Check.Balance != -two.Check.Balance)
        {
            findings.Add(new Finding(
                Claims.Balance, $"{one.Name} has {one.Check.Balance}, {two.Book} {two.Check.Balance}"));
        }
    }

    private static void CompareBalances(
        List<Half> halves, IReadOnlyList<SaidBalance> balances, List<Finding> findings)
    {
        foreach (var half in halves)
        {
            var peer = halves.Find(h => h != half && h.Tab.Id.AsSpan().SequenceEqual(half.Tab.Id))?.Book;
            var said = balances.Where(b => b.Node == half.Book && b.Peer == peer && b.Asset == half.Tab.Asset).ToList();
            if (said is not [var only])
                findings.Add(new Finding(Claims.Balance, $"{half.Name}: the program told {said.Count} balances"));
            else if (Units(only.Balance, half.Tab.Scale) != half.Check.Balance)
                findings.Add(new Finding(
                    Claims.Balance, $"{half.Name}: the program said {only.Balance}, the pages {half.Check.Balance}"));
        }
    }

    // "-12.50" at scale 2 is -1250; the number of decimals must be the scale.
    private static Int128? Units(string text, int scale)
    {
        var parts = text.TrimStart('+', '-').Split('.');
        if ((parts.Length > 1 ? parts[1].Length : 0) != scale)
            return null;
        var units = Int128.Parse(string.Concat(parts), CultureInfo.InvariantCulture);
        return text[0] == '-' ? -units : units;
    }
}

/// <summary>One node's half of a tab, read and judged.</summary>
internal sealed class Half(string book, StoredTab tab, TabCheck check)
{
    public string Book => book;

    public StoredTab Tab => tab;

    public TabCheck Check { get; set; } = check;

    public string Name => $"{book}, {tab.Asset} tab {Convert.ToHexStringLower(tab.Id)[..8]}";

    public IEnumerable<LineFile> Payments(int author) =>
        Check.Lines(author).Select(l => l.Line).Where(line => line.Kind == LineFile.Pay);
}
