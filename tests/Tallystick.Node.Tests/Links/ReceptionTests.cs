using System.Net;
using System.Net.Sockets;
using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

/// <summary>The bounds on what strangers may cause, each alone and on a clock that the test moves.</summary>
public sealed class ReceptionTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.2");
    private readonly ManualTime time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void So_many_come_at_once_and_then_so_many_a_second()
    {
        var arrivals = new Arrivals(
            new LinkLimits { ArrivalsPerAddressAtOnce = 3, ArrivalsPerAddressPerSecond = 2 }, time);
        Assert.Equal(3, Count(arrivals, One));
        Assert.Equal(3, Count(arrivals, Other));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Count(arrivals, One));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, Count(arrivals, One));
    }

    [Fact]
    public void All_strangers_together_have_a_bound_that_does_not_touch_where_peers_were_met()
    {
        var arrivals = new Arrivals(
            new LinkLimits { ArrivalsAtOnce = 10, ArrivalsPerSecond = 1, ArrivalsPerAddressAtOnce = 2 }, time);
        var let = Enumerable.Range(1, 100).Count(last => arrivals.LetsIn(IPAddress.Parse($"192.0.2.{last}"), false));
        Assert.Equal(10 + 10, let);
        Assert.True(arrivals.LetsIn(IPAddress.Parse("198.51.100.7"), isKnown: true));
    }

    [Fact]
    public void More_addresses_than_are_remembered_pass_no_more_often_than_all_strangers_may()
    {
        var arrivals = new Arrivals(new LinkLimits { ArrivalsAtOnce = 50, ArrivalsPerSecond = 0 }, time);
        var let = Enumerable.Range(0, 20_000).Count(n => arrivals.LetsIn(new IPAddress(n + 0x0A000000L), false));
        Assert.Equal(50 + 50, let);
    }

    [Fact]
    public void Whoever_calls_seldom_comes_in_while_others_call_all_the_time()
    {
        var arrivals = new Arrivals(new LinkLimits { ArrivalsAtOnce = 100, ArrivalsPerAddressPerSecond = 0 }, time);
        Assert.Equal(100, Count(arrivals, Other));
        Assert.InRange(Count(arrivals, Other), 0, 1);
        Assert.Equal(0, Count(arrivals, Other));
        Assert.True(arrivals.LetsIn(One, isKnown: false));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void A_caller_is_counted_as(string address, string counted) =>
        Assert.Equal(IPAddress.Parse(counted), CallerAddress.Of(IPAddress.Parse(address)));

    [Fact]
    public void Peers_are_known_where_they_were_met_or_are_dialled_and_the_list_is_bounded()
    {
        var known = new KnownAddresses();
        Assert.False(known.Contains(One));
        known.SetDialled([new DialTarget("192.0.2.2:5000", null), new DialTarget("bob.example:5000", null)]);
        known.Met(One);
        Assert.True(known.Contains(One));
        Assert.True(known.Contains(Other));
        for (var n = 0; n < 5_000; n++)
            known.Met(new IPAddress(n + 0x0A000000L));
        Assert.False(known.Contains(One));
        Assert.True(known.Contains(Other));
    }

    [Fact]
    public void Whoever_has_one_connection_keeps_it_while_another_address_takes_every_place()
    {
        var unproven = new UnprovenConnections(most: 10, mostPerAddress: 100);
        using var honest = new CancellationTokenSource();
        using var greedy = new CancellationTokenSource();
        unproven.Enter(One, honest);
        for (var i = 0; i < 50; i++)
            unproven.Enter(Other, greedy);
        Assert.Equal(10, unproven.Count);
        Assert.False(honest.IsCancellationRequested);
    }

    [Fact]
    public async Task Whoever_comes_through_a_relay_takes_no_place_of_those_who_come_from_its_address()
    {
        using var reception = new Reception(new LinkLimits { UnprovenConnections = 1 }, time);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var one = new TcpClient();
        using var other = new TcpClient();
        await one.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Ct);
        await other.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Ct);
        using var direct = new CancellationTokenSource();
        using var relayed = new CancellationTokenSource();
        using var first = reception.Admit(await listener.AcceptSocketAsync(Ct), isRelayed: false, direct);
        using var second = reception.Admit(await listener.AcceptSocketAsync(Ct), isRelayed: true, relayed);
        Assert.Equal(2, reception.UnprovenCount);
        Assert.False(direct.IsCancellationRequested);
    }

    [Fact]
    public async Task Handshakes_begin_in_turns_by_address()
    {
        using var turns = new HandshakeTurns(new LinkLimits { HandshakesAtOnce = 1, HandshakesPerSecond = 1 }, time);
        await turns.WaitAsync(One, Ct);
        Task[] waiting = [.. Enumerable.Range(0, 3).Select(_ => turns.WaitAsync(One, Ct)), turns.WaitAsync(Other, Ct)];
        int[] order = [0, 3, 1, 2];
        for (var begun = 0; begun < order.Length; begun++)
        {
            Assert.All(order[begun..], next => Assert.False(waiting[next].IsCompleted));
            time.Advance(TimeSpan.FromSeconds(1.01));
            await waiting[order[begun]].WaitAsync(TimeSpan.FromSeconds(10), Ct);
        }
        Assert.Equal(0, turns.WaitingCount);
    }

    [Fact]
    public async Task Whoever_is_gone_before_its_turn_is_forgotten_and_costs_nobody_a_turn()
    {
        using var turns = new HandshakeTurns(new LinkLimits { HandshakesAtOnce = 1, HandshakesPerSecond = 1 }, time);
        await turns.WaitAsync(One, Ct);
        using var gone = new CancellationTokenSource();
        var left = Enumerable.Range(0, 1_000).Select(_ => turns.WaitAsync(One, gone.Token)).ToArray();
        var stays = turns.WaitAsync(Other, Ct);
        Assert.Equal(1_001, turns.WaitingCount);
        await gone.CancelAsync();
        foreach (var wait in left)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Equal(1, turns.WaitingCount);
        time.Advance(TimeSpan.FromSeconds(1.01));
        await stays.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    private static int Count(Arrivals arrivals, IPAddress caller) =>
        Enumerable.Range(0, 100).Count(_ => arrivals.LetsIn(caller, isKnown: false));
}
