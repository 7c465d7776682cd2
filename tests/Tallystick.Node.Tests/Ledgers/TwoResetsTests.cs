using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;
using Tallystick.Node.Identity;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Links;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Ledgers;

/// <summary>Two whole nodes over real TLS and SQLite, of which one has been given a page that breaks a rule.</summary>
public sealed class TwoResetsTests : TwoNodes
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_frozen_tab_goes_on_at_the_same_balance_once_both_people_said_yes(bool aliceAsks)
    {
        await PayBothWaysAsync();
        await FreezeAsync();
        var (first, second) = aliceAsks ? (Alice, Bob) : (Bob, Alice);
        var (firstName, secondName) = aliceAsks ? ("alice", "bob") : ("bob", "alice");
        var (told, done) = (new NoticeLog(second.Client), new NoticeLog(first.Client));
        await Task.WhenAll(told.Subscribed, done.Subscribed);

        var shown = await first.Client.PreviewResetAsync(secondName);
        Assert.Equal((aliceAsks ? "-9.00" : "9.00", 1, false), (shown.Balance, shown.Era, shown.AskedByPeer));
        var asked = await first.Client.ConfirmResetAsync(secondName, new ResetRequest(shown.Hash));
        Assert.Equal(ResetStates.Asked, asked.State);
        await told.FirstAsync(notice => notice.Kind == NoticeKinds.ResetAsked && notice.Peer == firstName);
        Assert.True((await first.Client.PreviewResetAsync(secondName)).AskedByMe);

        var seen = await second.Client.PreviewResetAsync(firstName);
        Assert.Equal((shown.Hash, true), (seen.Hash, seen.AskedByPeer));
        var agreed = await second.Client.ConfirmResetAsync(firstName, new ResetRequest(seen.Hash));
        Assert.Equal((ResetStates.Done, 1), (agreed.State, agreed.Era));
        await done.FirstAsync(notice => notice.Kind == NoticeKinds.Reset && notice.Peer == secondName);

        await UntilGoingOnAsync();
        await Alice.Client.PayAsync(new PayRequest("1", "bob", WaitMs: 10_000));
        await Bob.UntilBalanceAsync("10.00");
        await AssertProvenAsync("1 reset");
    }

    [Fact]
    public async Task A_lost_book_comes_back_over_the_gap_that_a_reset_left()
    {
        await PayBothWaysAsync();
        await FreezeAsync();
        await ResetBothAsync();
        await Alice.Client.PayAsync(new PayRequest("1", "bob", WaitMs: 10_000));
        await Bob.UntilBalanceAsync("10.00");
        await Alice.DisposeAsync();
        foreach (var file in Directory.GetFiles(Alice.Options.DataFolder, "book.db*"))
            File.Delete(file);
        Alice = await RunningTestNode.StartAsync(Alice.Options with { Peers = [("bob", Bob.Address)] });

        await Alice.UntilBalanceAsync("-10.00");
        await UntilGoingOnAsync();
        await Bob.Client.PayAsync(new PayRequest("1", "alice", WaitMs: 10_000));
        await Alice.UntilBalanceAsync("-9.00");
        await AssertProvenAsync("1 reset");
    }

    [Fact]
    public async Task An_offer_survives_a_restart_and_is_made_again()
    {
        await FreezeAsync();
        var shown = await Alice.Client.PreviewResetAsync("bob");
        await Alice.Client.ConfirmResetAsync("bob", new ResetRequest(shown.Hash));
        Alice = await Alice.RestartAsync();

        await Eventually.IsTrueAsync(
            async () => await TryPreviewAsync(Bob, "alice") is { AskedByPeer: true } seen && seen.Hash == shown.Hash,
            "bob is asked again");
    }

    [Fact]
    public async Task What_cannot_be_reset_is_refused_in_one_sentence()
    {
        var problem = await Assert.ThrowsAsync<TallystickException>(() => Alice.Client.PreviewResetAsync("bob"));
        Assert.Equal("not-frozen", problem.Problem.Refusal);
        await FreezeAsync();
        problem = await Assert.ThrowsAsync<TallystickException>(() =>
            Alice.Client.ConfirmResetAsync("bob", new ResetRequest(new string('0', 64))));
        Assert.Equal((409, "reset-changed"), (problem.Problem.Status, problem.Problem.Refusal));
        problem = await Assert.ThrowsAsync<TallystickException>(() =>
            Alice.Client.ConfirmResetAsync("bob", new ResetRequest("zz")));
        Assert.Equal("bad-hash", problem.Problem.Refusal);
        await Bob.DisposeAsync();
        await Eventually.IsTrueAsync(
            async () => await RefusalOfAsync(() => Alice.Client.PreviewResetAsync("bob")) == "not-ready", "bob is off");
    }

    private async Task PayBothWaysAsync()
    {
        await Alice.Client.PayAsync(new PayRequest("10", "bob", WaitMs: 10_000));
        await Bob.Client.PayAsync(new PayRequest("1", "alice", WaitMs: 10_000));
        await Alice.UntilBalanceAsync("-9.00");
        await Bob.UntilBalanceAsync("9.00");
    }

    // A page that Bob's key signed and that no rule allows reaches Alice as if it had come on their link.
    private async Task FreezeAsync()
    {
        using var bob = NodeIdentity.LoadOrCreate(Bob.Options.DataFolder);
        var tab = Alice.Host.Ledger.Tabs.Single();
        await Eventually.Holds(() => (tab = Alice.Host.Ledger.Tabs.Single()).Ready, "the tab is ready");
        var (view, session) = (tab.State.Mine, tab.State.Session!);
        var page = PageCodec.Encode(new Page
        {
            Tab = tab.Terms.Id,
            Author = tab.Me.Other(),
            Number = view.Of(tab.Me.Other()).Head.Number + 1,
            Previous = view.Of(tab.Me.Other()).Head.Hash,
            Seen = view.Of(tab.Me).Head,
            Basis = session.Mine.Hash,
            TimeMs = 0,
            Lines = [new ReleaseLine(RequestId.FromGuid(Guid.CreateVersion7()), new Ref(900, 0), string.Empty)],
            Totals = view.TotalsFor(tab.Me.Other()),
            StateDigest = StateDigest.Of(view),
        });
        var link = LinkLike(tab, session.Link);
        await Alice.Host.Ledger.ReceiveAsync(link, new PageFrame(new SignedPage(page, bob.Sign(page.Hash))));
        foreach (var node in new[] { Alice, Bob })
        {
            await Eventually.IsTrueAsync(
                async () => (await node.Client.GetBalancesAsync()).Tabs.Single().Frozen is not null,
                $"{node.Options.Name}'s tab is frozen");
        }
    }

    private static PeerLink LinkLike(TabView tab, long number) =>
        new(
            new SslStream(new MemoryStream()),
            new FrameReader(PipeReader.Create(Stream.Null)),
            new LinkLimits(),
            TimeProvider.System)
        {
            Number = number,
            Binding = tab.State.Session!.Mine.Hello.Link,
            PeerGreeting = new Greeting(tab.PeerKey, "bob", default, default, 0, 1, 1),
            IDialled = true,
            Remote = new IPEndPoint(IPAddress.Loopback, 5000),
        };

    private async Task ResetBothAsync()
    {
        var shown = await Alice.Client.PreviewResetAsync("bob");
        await Alice.Client.ConfirmResetAsync("bob", new ResetRequest(shown.Hash));
        await Eventually.IsTrueAsync(
            async () => (await Bob.Client.PreviewResetAsync("alice")).AskedByPeer, "bob is asked");
        await Bob.Client.ConfirmResetAsync("alice", new ResetRequest(shown.Hash));
        await UntilGoingOnAsync();
    }

    private async Task UntilGoingOnAsync()
    {
        foreach (var node in new[] { Alice, Bob })
        {
            await Eventually.Holds(
                () => node.Host.Ledger.Tabs.Single() is { Ready: true } tab && tab.State.Era.Number == 1,
                $"{node.Options.Name} goes on");
        }
    }

    private async Task AssertProvenAsync(string resets)
    {
        foreach (var node in new[] { Alice, Bob })
        {
            var proof = (await node.Client.VerifyAsync()).Tabs.Single();
            Assert.True(proof.Matches, proof.Line);
            Assert.Contains(resets, proof.Line, StringComparison.Ordinal);
            Assert.Equal(proof.MyPages + proof.PeerPages + 2, proof.Signatures);
        }
    }

    private static async Task<ResetPreview?> TryPreviewAsync(RunningTestNode node, string peer)
    {
        try
        {
            return await node.Client.PreviewResetAsync(peer);
        }
        catch (TallystickException)
        {
            return null;
        }
    }

    private static async Task<string?> RefusalOfAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            return null;
        }
        catch (TallystickException refused)
        {
            return refused.Problem.Refusal;
        }
    }
}
