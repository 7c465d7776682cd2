using System.Collections.Immutable;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Resets;
using Tallystick.Core.Tabs;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Tests.Storage;

/// <summary>Writes a tab step by step, the way a loop would, and remembers what the store must say about it.</summary>
/// <remarks>No rule is applied, for the store judges nothing. Each line of a page gives one unit.</remarks>
internal sealed class TabScript
{
    // 2026-01-01, as good as any.
    private const long FirstAskedMs = 1_767_225_600_000;

    private readonly List<SignedPage>[] chains = [[], []];
    private readonly byte[] seed = new byte[8];
    private readonly bool idsGrowWithTime;
    private int requests;

    public TabScript(int number = 1, Party me = Party.Zero, bool idsGrowWithTime = true)
    {
        this.idsGrowWithTime = idsGrowWithTime;
        Assert.True(TabTerms.TryCreate(Key(2 * number), Key(2 * number + 1), Asset.Credits, out var terms));
        (Terms, Me) = (terms, me);
        Random.Shared.NextBytes(seed);
        var empty = Fold.Empty(terms.Id);
        Snapshot = new TabSnapshot(empty, empty, null);
    }

    public TabTerms Terms { get; }

    public TabId Id => Terms.Id;

    public Party Me { get; }

    public TabSnapshot Snapshot { get; private set; }

    public IReadOnlyList<SignedPage> Own => chains[(int)Me];

    public IReadOnlyList<SignedPage> Theirs => chains[(int)Me.Other()];

    public static PublicKey Key(int number)
    {
        Assert.True(PublicKey.TryCreate([2, .. Hash.Of(BitConverter.GetBytes(number)).ToArray()], out var key));
        return key;
    }

    public PayLine Pay() => Pay(NewId());

    public static PayLine Pay(RequestId id) => new(id, Amount.FromUnits(1), "lunch");

    /// <summary>A wish for one payment.</summary>
    public Intent Wish()
    {
        var id = NewId();
        return new Intent(id, [Pay(id)], 1_700_000_000_000 + requests, 1_800_000_000_000);
    }

    /// <summary>One own page with these lines.</summary>
    public TabCommit Write(params Line[] lines) => Step([Append(Me, lines)]);

    /// <summary>Own pages with one payment each, in one write.</summary>
    public TabCommit WritePages(int count) => Step([.. Enumerable.Range(0, count).Select(_ => Append(Me, [Pay()]))]);

    /// <summary>A page of the peer that has seen every own page.</summary>
    public TabCommit Receive(params Line[] lines)
    {
        var page = Append(Me.Other(), lines);
        return Step([page], mine => mine with { Theirs = mine.Mine });
    }

    public TabCommit Change(params IntentChange[] changes)
    {
        var commit = Step([]);
        return commit with { Write = commit.Write with { Intents = [.. changes] } };
    }

    public TabCommit Ask(params Intent[] intents) => Change([.. intents.Select(Waiting)]);

    public static IntentChange Waiting(Intent intent) => new(intent.RequestId, new IntentWaiting(), intent);

    /// <summary>Drops own pages with a higher number.</summary>
    public TabCommit CutAfter(int last, params IntentChange[] changes)
    {
        chains[(int)Me].RemoveRange(last, Own.Count - last);
        var commit = Step([]);
        return commit with { Write = commit.Write with { TruncateOwnAfter = last, Intents = [.. changes] } };
    }

    /// <summary>A reset that drops so many own pages; nobody judges what it carries.</summary>
    public TabCommit Reset(int voidPages = 0, params IntentChange[] changes)
    {
        var before = Snapshot;
        chains[(int)Me].RemoveRange(Own.Count - voidPages, voidPages);
        var content = ResetCodec.Encode(Core.Resets.Reset.Of(
            before.Mine with { Zero = Count(before.Mine, Party.Zero), One = Count(before.Mine, Party.One) },
            Era,
            HeadOf(Party.Zero).Number + 101,
            HeadOf(Party.One).Number + 201));
        var (zero, one) = (new byte[SignedPage.SignatureSize], new byte[SignedPage.SignatureSize]);
        Random.Shared.NextBytes(zero);
        Random.Shared.NextBytes(one);
        var agreed = new AgreedReset(content, zero, one);
        var kept = content.Reset.Of(Me).Kept.Number;
        var fold = content.Reset.ToFold(content.Hash);
        Snapshot = new TabSnapshot(fold, fold, null) { Resets = before.Resets.Add(agreed) };
        return new TabCommit(Terms, Me, new TabWrite
        {
            Before = before,
            After = Snapshot,
            TruncateOwnAfter = kept,
            Reset = agreed,
            Intents = [.. changes],
        });
    }

    /// <summary>A step that changes nothing but the snapshot.</summary>
    public TabCommit Move(Func<TabSnapshot, TabSnapshot> change) => Step([], change);

    private TabCommit Step(ImmutableArray<PageToStore> pages, Func<TabSnapshot, TabSnapshot>? more = null)
    {
        var before = Snapshot;
        var mine = before.Mine with { Zero = Count(before.Mine, Party.Zero), One = Count(before.Mine, Party.One) };
        var after = before with { Mine = mine };
        Snapshot = more is null ? after : more(after);
        return new TabCommit(Terms, Me, new TabWrite { Before = before, After = Snapshot, Pages = pages });
    }

    private PartyFold Count(Fold fold, Party party)
    {
        var chain = chains[(int)party];
        return fold.Of(party) with
        {
            Head = HeadOf(party),
            Seen = chain.Count == 0 ? Head.Empty(Id) : chain[^1].Page.Seen,
            Given = chain.Count == 0 ? 0 : chain[^1].Page.Totals.Given,
        };
    }

    private Head Era => Snapshot.Resets.IsEmpty ? Head.Empty(Id) : Snapshot.Resets[^1].Content.Head;

    private Head HeadOf(Party party)
    {
        var head = chains[(int)party] is [.., var last] ? last.Content.Head : Head.Empty(Id);
        return Snapshot.Resets is [.., var reset] && reset.Reset.Of(party).First > head.Number
            ? new Head(reset.Reset.Of(party).First - 1, reset.Content.Hash)
            : head;
    }

    private PageToStore Append(Party author, Line[] lines)
    {
        var (chain, other) = (chains[(int)author], chains[(int)author.Other()]);
        var page = new Page
        {
            Tab = Id,
            Author = author,
            Number = HeadOf(author).Number + 1,
            Previous = HeadOf(author).Hash,
            Seen = other.Count == 0 ? Head.Empty(Id) : other[^1].Content.Head,
            Basis = Hash.Of(seed),
            TimeMs = 1_750_000_000_000 + chain.Count,
            Lines = [.. lines],
            Totals = new Totals((chain.Count == 0 ? 0 : chain[^1].Page.Totals.Given) + lines.Length, 0, 0, 0),
            StateDigest = Hash.Of(seed),
        };
        var signature = new byte[SignedPage.SignatureSize];
        Random.Shared.NextBytes(signature);
        var content = PageCodec.Encode(page);
        chain.Add(new SignedPage(content, signature));
        return new PageToStore(content, signature);
    }

    private RequestId NewId()
    {
        requests++;
        if (!idsGrowWithTime)
            return RequestId.FromBytes([.. seed, .. BitConverter.GetBytes((long)requests).Reverse()]);
        // A UUID of version 7: its time, and what makes it unique.
        var time = (UInt128)(ulong)(FirstAskedMs + requests) << 80;
        return new RequestId(time | (UInt128)7 << 76 | (UInt128)2 << 62 | BitConverter.ToUInt64(seed) >> 2);
    }
}
