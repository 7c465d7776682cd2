using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Sync;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Loop;

public sealed class TabTurnTests
{
    private readonly LoopPair pair = new();
    private readonly List<Hash> signed = [];
    private readonly List<(Party Author, long Number)> looked = [];

    public TabTurnTests()
    {
        pair.Settle();
        pair.Connect();
        pair.Settle();
    }

    private TabState A => pair.A.State;

    [Fact]
    public void Own_pages_are_signed_once_and_pages_of_the_peer_keep_their_signature()
    {
        var turn = Turn();
        Assert.True(turn.IsEmpty);
        turn.Take(new Ask(pair.Wish(Pay), 0));
        turn.Take(new Turn(1_000));
        Assert.False(turn.IsEmpty);
        var own = Assert.Single(Assert.Single(turn.Writes).Pages);
        Assert.Equal([own.Content.Hash], signed);
        Assert.True(own.Signature.Span.SequenceEqual(SignatureOf(own.Content.Hash).Span));
        var form = turn.SignedFormOf(own.Content);
        Assert.Same(own.Content, form.Content);
        Assert.True(form.Signature.Span.SequenceEqual(own.Signature.Span));

        pair.Pay(Party.One, 1);
        var theirs = new SignedPage(pair.B.Disk.Pages[Party.One][^1].Content, Samples.Signature);
        turn.Take(new PageCame(A.Session!.Link, theirs, null));
        Assert.Single(signed);
        Assert.True(turn.Writes[^1].Pages[^1].Signature.Span.SequenceEqual(Samples.Signature.Span));
    }

    [Fact]
    public void Steps_that_only_append_are_one_write_and_every_effect_stays_in_order()
    {
        var turn = Turn();
        var before = A.Snapshot;
        var wishes = new[] { pair.Wish(Pay), pair.Wish(Pay) };
        foreach (var wish in wishes)
        {
            turn.Take(new Ask(wish, 0));
            turn.Take(new Turn(1_000));
        }
        var write = Assert.Single(turn.Writes);
        Assert.Equal(2, write.Pages.Length);
        Assert.Empty(write.Intents);
        Assert.Equal(before, write.Before);
        Assert.Equal(turn.State.Snapshot, write.After);
        Assert.Equal(A.Session!.Theirs, write.Hello ?? A.Session.Theirs);
        Assert.Equal(
            wishes.Select(wish => wish.RequestId),
            turn.Effects.OfType<Done>().SelectMany(done => done.Answers).Select(answer => answer.RequestId));
        Assert.Equal(2, turn.Effects.OfType<SendOwnPage>().Count());
    }

    [Fact]
    public void The_hello_of_the_first_step_that_has_one_is_kept()
    {
        var fresh = A with { StoredHello = default };
        var turn = Turn(fresh with { Session = null });
        turn.Take(new Ask(pair.Wish(Pay), 0));
        turn.Take(new Turn(1_000));
        Assert.Null(Assert.Single(turn.Writes).Hello);

        turn = Turn(fresh);
        turn.Take(new Ask(pair.Wish(Pay), 0));
        turn.Take(new Turn(1_000));
        Assert.Equal(A.Session!.Theirs, turn.Writes[0].Hello);
        turn.Take(new Ask(pair.Wish(Pay), 0));
        turn.Take(new Turn(1_000));
        Assert.Equal(A.Session.Theirs, Assert.Single(turn.Writes).Hello);
    }

    [Fact]
    public void A_cut_of_the_own_tail_begins_a_new_write()
    {
        pair.Pay(Party.Zero, 3);
        var page = pair.A.Disk.Pages[Party.Zero][^1];
        var turn = new TabTurn(A, Sign, (author, number) => page.Hash);
        turn.Take(new Cancel(new RequestId(1)));
        turn.Take(new Ask(pair.Wish(Pay), 0));
        turn.Take(new Turn(1_000));
        Assert.Single(turn.Writes);
        var other = new SignedPage(
            PageCodec.Encode(page.Page with { TimeMs = page.Page.TimeMs + 1 }), Samples.Signature);
        turn.Take(new PageCame(A.Session!.Link, other, null));
        Assert.Equal(2, turn.Writes.Count);
        Assert.Null(turn.Writes[0].TruncateOwnAfter);
        Assert.NotNull(turn.Writes[1].TruncateOwnAfter);
    }

    [Fact]
    public void Only_pages_that_are_there_are_looked_up()
    {
        var (own, peers) = (A.Mine.Zero.Head, A.Mine.One.Head);
        Hello(own, peers);
        Assert.Equal([(Party.Zero, own.Number), (Party.One, peers.Number)], looked);
        Hello(own with { Number = own.Number + 1 }, peers with { Number = peers.Number + 1 });
        Assert.Empty(looked);
        Hello(own with { Number = 0 }, peers with { Number = 0 });
        Assert.Empty(looked);

        var page = pair.A.Disk.Pages[Party.One][^1];
        looked.Clear();
        Turn().Take(new PageCame(A.Session!.Link, page, null));
        Assert.Equal([(Party.One, page.Page.Number)], looked);
        looked.Clear();
        var next = new SignedPage(
            PageCodec.Encode(page.Page with { Number = page.Page.Number + 1 }), Samples.Signature);
        Turn().Take(new PageCame(A.Session.Link, next, null));
        Assert.Empty(looked);

        void Hello(Head held, Head mine)
        {
            looked.Clear();
            var hello = HelloCodec.Encode(A.Session!.Theirs!.Hello with { Held = held, Mine = mine });
            Turn().Take(new HelloCame(
                A.Session.Link,
                A.Session.Link,
                A.Session.Theirs.Hello.Link,
                new SignedHello(hello, Samples.Signature),
                null,
                null));
        }
    }

    private static PayLine Pay(RequestId id) => new PayLine(id, Amount.FromUnits(1), "");

    private static ReadOnlyMemory<byte> SignatureOf(Hash hash) => (byte[])[.. hash.ToArray(), .. hash.ToArray()];

    private TabTurn Turn(TabState? state = null) => new(state ?? A, Sign, (author, number) =>
    {
        looked.Add((author, number));
        return null;
    });

    private ReadOnlyMemory<byte> Sign(Hash hash)
    {
        signed.Add(hash);
        return SignatureOf(hash);
    }
}
