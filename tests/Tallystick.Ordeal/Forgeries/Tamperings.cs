using Tallystick.Ordeal.Checking;

namespace Tallystick.Ordeal.Forgeries;

/// <summary>One way to tamper with books, and the claim under which it must be reported.</summary>
internal sealed record Tampering(string Name, string Claim, Action<Victim> Do);

/// <summary>All ways that are tried.</summary>
internal static class Tamperings
{
    private const string OnePage = "where tab = TAB and author = ?2 and number = ?3";

    public static IReadOnlyList<Tampering> All { get; } =
    [
        new("a byte of a page in one half", Claims.Halves, v => FlipTime(v, inBoth: false)),
        new("a byte of a page in both halves", Claims.Signature, v => FlipTime(v, inBoth: true)),
        new("the last page dropped in one half", Claims.Halves, v =>
            v.Sql(inBoth: false, $"delete from page {OnePage}", v.Pages.Count)),
        new("a page in the middle dropped in both halves", Claims.Number, v =>
            v.Sql(inBoth: true, $"delete from page {OnePage}", v.Pages.Count / 2)),
        new("a page twice in both halves", Claims.Number, DuplicateLast),
        new("two signatures swapped", Claims.Signature, v => v.Sql(
            inBoth: true,
            "update page set signature = (select signature from page "
                + $"where tab = TAB and author = ?2 and number = ?3 - 1) {OnePage}",
            v.Pages.Count)),
        new("a signature with another end in one half", Claims.Signature, v => v.Sql(
            inBoth: false,
            $"update page set signature = cast(substr(signature, 1, 62) || x'0001' as blob) {OnePage}",
            v.Pages.Count)),
        new("both chains cut before a payment", Claims.Lost, CutBeforeLastPayment),
        new("a signed payment that nobody asked for", Claims.Unasked, v => v.Forger.Append(new())),
        new("a signed payment under an old request", Claims.Twice, v =>
            v.Forger.Append(new() { Request = v.SomePayment.Request, Amount = v.SomePayment.Amount })),
        new("a signed page with a wrong sum", Claims.Totals, v => v.Forger.Append(new() { WrongGiven = 1 })),
        new("a signed page with a wrong digest", Claims.Digest, v => v.Forger.Append(new() { WrongDigest = true })),
        new("a signed page that has seen less", Claims.Seen, v => v.Forger.Append(new() { SeenLess = true })),
        new("a signed page that has seen too much", Claims.Seen, v => v.Forger.Append(new() { WrongSeen = 1 })),
        new("a signed page that has seen another page", Claims.Seen, v =>
            v.Forger.Append(new() { WrongSeenHash = true })),
        new("a signed page that skips a number", Claims.Number, v => v.Forger.Append(new() { WrongNumber = 1 })),
        new("a signed page that continues another", Claims.Previous, v =>
            v.Forger.Append(new() { WrongPrevious = true })),
        new("a signed receipt for nothing", Claims.Receipt, v =>
        {
            v.Forger.Append(new() { WithoutLines = true });
            v.Forger.Append(new() { WithoutLines = true });
        }),
        new("a signed payment of nothing", Claims.Limit, v => v.Forger.Append(new() { Amount = 0 })),
        new("a payment whose wish was turned back", Claims.Book, v => v.Sql(
            inBoth: false,
            "insert or replace into intent (request_id, tab, state) select ?3, TAB, 0 where ?2 >= 0",
            v.SomePayment.Request.ToByteArray(bigEndian: true))),
        new("payments whose wishes are forgotten", Claims.Book, v =>
        {
            var request = v.SomePayment.Request.ToByteArray(bigEndian: true);
            v.Sql(inBoth: false, "delete from intent where tab = TAB and ?2 >= 0 and request_id = ?3", request);
            v.Sql(
                inBoth: false,
                "delete from done_page where tab = TAB and ?2 >= 0 and first_id <= ?3 and last_id >= ?3",
                request);
        }),
        new("a request that is not the one asked", Claims.Lost, v => v.ChangeCalls(call =>
            call.Request == v.SomePayment.Request ? call with { Request = Guid.CreateVersion7() } : call)),
        new("an amount that is not the one asked", Claims.Content, v => v.ChangeCalls(call =>
            call.Request == v.SomePayment.Request ? call with { Units = call.Units + 1 } : call)),
        new("a payment to somebody else than asked", Claims.Lost, v => v.ChangeCalls(call =>
            call.Request == v.SomePayment.Request ? call with { To = "nobody" } : call)),
        new("a refused payment that is in the books", Claims.Taken, v => v.ChangeCalls(call =>
            call.Request == v.SomePayment.Request ? call with { Said = ["refused"], Final = "refused" } : call)),
        new("a payment that was cancelled and is in the books", Claims.Answers, v => v.ChangeCalls(call =>
            call.Request == v.SomePayment.Request ? call with { Said = ["cancelled"] } : call)),
        new("a queued payment that was forgotten", Claims.Lost, v => Records.WriteCalls(
            v.Run, Records.ReadCalls(v.Run)!.Append(new Call(
                Guid.CreateVersion7(), v.Author, v.Other, v.Tab.Asset, 1, "", ["queued"], "unknown", 1, 0, 0)))),
        new("a balance that the pages do not give", Claims.Balance, v => Records.WriteBalances(
            v.Run, Records.ReadBalances(v.Run)!.Select(said => said.Node == v.Author
                ? said with { Balance = said.Balance.Replace('1', '2').Replace('0', '1') } : said))),
        new("a half that is missing", Claims.Halves, v => v.Sql(
            inBoth: false, "delete from tab where tab_id = ?1 and ?2 >= 0")),
        new("a frozen tab", Claims.Book, v => v.Sql(
            inBoth: false, "insert into freeze select TAB, x'00', x'00', 1 where ?2 >= 0")),
    ];

    // The author's clock is the one field that no rule looks at: only the signature protects it. It stands behind the
    // tag, tab, author, number, previous, seen and basis.
    private static void FlipTime(Victim v, bool inBoth)
    {
        var page = v.Pages[^1];
        var stored = v.Tab.Chains[v.Tab.Me][^1].Bytes.ToArray();
        var at = 10 + 32 + 1 + Size(page.Number) + 32 + Size(page.Seen) + 32 + 32;
        stored[at] ^= 1;
        v.Sql(inBoth, $"update page set bytes = ?4 {OnePage}", page.Number, stored);
    }

    private static int Size(long value) => new ByteWriter().Integer(value).Bytes.Length;

    private static void DuplicateLast(Victim v) => v.Sql(
        inBoth: true,
        "insert into page (tab, author, number, hash, bytes, signature, has_lines, stored_ms) "
            + $"select tab, author, number + 1, hash, bytes, signature, has_lines, stored_ms from page {OnePage}",
        v.Pages.Count);

    // A cut that leaves two valid chains, in both books: as if the last payment had never been.
    private static void CutBeforeLastPayment(Victim v)
    {
        var check = new TabCheck(string.Empty, v.Tab, []);
        check.Run();
        var first = v.LastWithPayment.Number;
        var saw = check.Chains[1 - v.Tab.Me].FirstOrDefault(page => page.Seen >= first)?.Number ?? long.MaxValue;
        v.Sql(inBoth: true, "delete from page where tab = TAB and author = ?2 and number >= ?3", first);
        v.Sql(inBoth: true, "delete from page where tab = TAB and author = 1 - ?2 and number >= ?3", saw);
    }
}
