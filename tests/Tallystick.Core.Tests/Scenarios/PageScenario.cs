using System.Globalization;
using System.Text.RegularExpressions;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>Plays a file of pages; see vectors/scenarios/README.md.</summary>
internal sealed partial class PageScenario
{
    private TwoChains chains = new();

    public void Play(string line)
    {
        if (line.StartsWith("case ", StringComparison.Ordinal) || line == "case")
            chains = new TwoChains();
        else if (Limits().Match(line) is { Success: true } limits)
            Open(limits.Groups["a"].Value, limits.Groups["b"].Value);
        else if (Page().Match(line) is { Success: true } page)
            Write(page);
        else if (line.StartsWith("expect ", StringComparison.Ordinal))
            Expect(line["expect ".Length..]);
        else
            throw new FormatException("Nothing reads like that.");
    }

    private void Open(string a, string b)
    {
        foreach (var (party, limit) in new[] { (Party.Zero, a), (Party.One, b) })
            Assert.Null(chains.Write(party, 0, LineText.Read($"Limit {limit}", chains.NextRequest())));
    }

    private void Write(Match match)
    {
        if (chains.Of(Party.Zero).Count == 0)
            Open("100", "100");
        var author = PartyOf(match.Groups["author"].Value);
        var lines = match.Groups["lines"].Value
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => LineText.Read(text, chains.NextRequest()));
        var seen = LineText.Number(match.Groups["seen"].Value) + LineText.OpeningPages;
        var page = chains.Compose(author, seen, lines);
        Assert.Equal(
            LineText.Number(match.Groups["number"].Value) + LineText.OpeningPages, page.Page.Number);

        var expected = match.Groups["verdict"] is { Success: true } verdict ? verdict.Value : "valid";
        Assert.Equal(expected, chains.Judge(page)?.Why.Name ?? "valid");
        if (expected != "valid" || match.Groups["try"].Success)
            return;
        chains.Add(page);
        AssertEveryOrderAgrees();
    }

    private void AssertEveryOrderAgrees()
    {
        var joint = FoldText.Of(chains.Joint());
        foreach (var order in Orders.All(chains, most: 40))
            Assert.Equal(joint, FoldText.Of(TwoChains.Replay(order)));
    }

    private void Expect(string what)
    {
        if (Status().Match(what) is { Success: true } status)
            ExpectStatus(status);
        else if (Owes().Match(what) is { Success: true } owes)
            ExpectDebt(PartyOf(owes.Groups["who"].Value), owes.Groups["worst"].Success, owes.Groups["units"].Value);
        else if (AtMost().Match(what) is { Success: true } most)
            ExpectExposure(PartyOf(most.Groups["who"].Value), most.Groups["units"].Value);
        else if (Delivered().Match(what) is { Success: true } delivered)
            ExpectDelivered(delivered);
        else if (what == "nothing to acknowledge")
            ExpectQuiet();
        else
            throw new FormatException("Nothing can be expected like that.");
    }

    private void ExpectDebt(Party party, bool worst, string units)
    {
        var joint = chains.Joint();
        Assert.Equal(LineText.Number(units), worst ? joint.WorstCaseDebtOf(party) : joint.DebtOf(party));
        Assert.Equal(0, joint.DebtOf(party) + joint.DebtOf(party.Other()));
    }

    private void ExpectExposure(Party peer, string units)
    {
        var me = peer.Other();
        var theirs = chains.Theirs(me);
        var unseen = chains.Of(me).Skip((int)theirs.Of(me).Head.Number);
        var bound = Exposure.ToPeer(chains.Joint(), theirs, unseen, me);
        Assert.Equal(units, bound?.ToString(CultureInfo.InvariantCulture) ?? "any amount");
    }

    private void ExpectDelivered(Match match)
    {
        var author = PartyOf(match.Groups["author"].Value);
        var number = LineText.Number(match.Groups["number"].Value) + LineText.OpeningPages;
        Assert.Equal(!match.Groups["not"].Success, chains.SeenBy(author.Other()) >= number);
    }

    private void ExpectQuiet()
    {
        foreach (var author in new[] { Party.Zero, Party.One })
        {
            var receipt = chains.Compose(author, chains.Of(author.Other()).Count);
            Assert.Equal(Rejections.EmptyReceipt, chains.Judge(receipt)?.Why);
        }
    }

    private void ExpectStatus(Match match)
    {
        var creator = PartyOf(match.Groups["author"].Value);
        var at = LineText.At(match.Groups["at"].Value);
        var (settlements, holds) = Everything();
        if (match.Groups["hold"].Success)
        {
            var hold = holds[new ObjectKey(creator, at)];
            Assert.Equal(match.Groups["status"].Value, hold.Status.ToString().ToLowerInvariant());
            return;
        }
        var settlement = settlements[new ObjectKey(creator, at)];
        Assert.Equal(match.Groups["status"].Value, settlement.Status().ToString().ToLowerInvariant());
        if (match.Groups["units"] is { Success: true } units)
        {
            var shown = settlement.Booked is { } booked ? settlement.Find(booked)! : settlement.Newest;
            Assert.Equal(LineText.Units(units.Value), shown.Amount);
        }
        if (match.Groups["more"] is { Success: true } more)
            Assert.Equal(more.Value, IsFinal(settlement) ? "final" : "not yet seen");
        if (match.Groups["earlier"] is { Success: true } earlier)
        {
            var (accepted, revision) = settlement.Decision!.Value;
            Assert.NotEqual(settlement.Newest.Ref, revision);
            var word = accepted ? "accepted" : "disputed";
            Assert.Equal(earlier.Value, $"{settlement.Find(revision)!.Amount} was {word}");
        }
    }

    // A receiver's own withdrawal leaves nobody who could still book; a payer's waits until the receiver has seen it.
    private bool IsFinal(Settlement settlement) =>
        settlement.Proposer == settlement.Receiver || chains.SeenBy(settlement.Receiver) >= settlement.WithdrawnOnPage;

    // Folds forget what is closed and seen; for people it stays.
    private (Dictionary<ObjectKey, Settlement> Settlements, Dictionary<ObjectKey, Core.Holds.Hold> Holds) Everything()
    {
        var draft = new FoldDraft(Fold.Empty(TwoChains.Terms.Id));
        Dictionary<ObjectKey, Settlement> settlements = [];
        Dictionary<ObjectKey, Core.Holds.Hold> holds = [];
        foreach (var page in Orders.All(chains, most: 1).Single())
        {
            for (var i = 0; i < page.Page.Lines.Length; i++)
                draft.Apply(page.Page.Author, new Ref(page.Page.Number, i), page.Page.Lines[i]);
            foreach (var (key, settlement) in draft.Settlements)
                settlements[key] = settlement;
            foreach (var (key, hold) in draft.Holds)
                holds[key] = hold;
            draft.Close(page.Head, page.Page);
        }
        return (settlements, holds);
    }

    private static Party PartyOf(string letter) => letter is "a" or "A" ? Party.Zero : Party.One;

    private const RegexOptions Options = RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"^limits A (?<a>none|\d+), B (?<b>none|\d+)$", Options, 1000)]
    private static partial Regex Limits();

    [GeneratedRegex(
        @"^(?<try>try )?(?<author>[ab])(?<number>\d+)\[(?<lines>[^\]]*)\] s(?<seen>\d+)( -> (?<verdict>[a-z-]+))?$",
        Options, 1000)]
    private static partial Regex Page();

    [GeneratedRegex(
        @"^(?<hold>hold )?(?<at>(?<author>[ab])\d+(\.\d+)?) "
            + "(?<status>settled|withdrawn|agreed|disputed|proposed|open|fulfilled|released)"
            + @"( (?<units>\d+))?(, ((?<more>final|not yet seen)|(?<earlier>\d+ was (accepted|disputed))))?$",
        Options, 1000)]
    private static partial Regex Status();

    [GeneratedRegex(@"^(?<who>[AB]) owes (?<worst>at worst )?(?<units>-?\d+)$", Options, 1000)]
    private static partial Regex Owes();

    [GeneratedRegex(@"^(?<who>[AB]) may come to owe at most (?<units>\d+|any amount)$", Options, 1000)]
    private static partial Regex AtMost();

    [GeneratedRegex(@"^(?<author>[ab])(?<number>\d+) (?<not>not )?delivered$", Options, 1000)]
    private static partial Regex Delivered();
}
