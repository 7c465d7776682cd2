using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Tallystick.Core.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

public sealed class AddressRaceTests
{
    [Fact]
    public async Task An_address_that_is_silent_holds_up_the_next_by_its_head_start_only()
    {
        using var silent = await SilentPort.OpenAsync();
        using var listener = Listen(IPAddress.Loopback);
        var time = new ManualTime();
        var winner = WinnerAsync(time, silent.Address, AddressOf(listener));
        await Eventually.Holds(() => time.TimerCount > 0, "the first attempt has its head start");
        Assert.False(winner.IsCompleted);
        time.Advance(AddressRace.HeadStart);
        Assert.Equal(AddressOf(listener), await winner);
    }

    [Fact]
    public async Task An_address_that_refuses_makes_way_at_once()
    {
        using var listener = Listen(IPAddress.Loopback);
        var closed = Listen(IPAddress.Loopback);
        var refusing = AddressOf(closed);
        closed.Dispose();
        // On a clock that stands still no head start ever ends: only the refusal makes way.
        var winner = await WinnerAsync(new ManualTime(), refusing, AddressOf(listener));
        Assert.Equal(AddressOf(listener), winner);
    }

    [Fact]
    public async Task The_first_address_wins_when_all_answer()
    {
        using var first = Listen(IPAddress.Loopback);
        using var second = Listen(IPAddress.Loopback);
        Assert.Equal(AddressOf(first), await WinnerAsync(new ManualTime(), AddressOf(first), AddressOf(second)));
    }

    [Fact]
    public async Task A_name_stands_for_all_its_addresses()
    {
        using var listener = Listen(IPAddress.Loopback);
        var name = $"localhost:{((IPEndPoint)listener.LocalEndPoint!).Port}";
        Assert.Equal(name, await WinnerAsync(name));
    }

    [Fact]
    public async Task A_name_that_nobody_knows_does_not_hide_an_address_that_answers()
    {
        using var listener = Listen(IPAddress.Loopback);
        Assert.Equal(AddressOf(listener), await WinnerAsync("no-such-host.invalid:5000", AddressOf(listener)));
    }

    [Fact]
    public async Task A_name_that_a_peer_tells_is_not_dialled_where_it_leads_to_this_computer()
    {
        var name = Dns.GetHostName();
        IPAddress[] own = [];
        try
        {
            own = await Dns.GetHostAddressesAsync(name, TestContext.Current.CancellationToken);
        }
        catch (SocketException)
        {
            // Then there is no such name here.
        }
        Assert.SkipUnless(own.Contains(IPAddress.Loopback), "This computer's name does not stand for loopback here.");
        using var listener = Listen(IPAddress.Loopback);
        var address = $"{name}:{((IPEndPoint)listener.LocalEndPoint!).Port}";
        Assert.Equal(address, await WinnerAsync(address));
        await Assert.ThrowsAsync<SocketException>(() => AddressRace.ConnectAsync(
            [address], told: [address], NoRelay, TimeProvider.System, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task When_all_fail_the_reason_of_the_first_is_told()
    {
        var closed = Listen(IPAddress.Loopback);
        var refusing = AddressOf(closed);
        closed.Dispose();
        var refused = await Assert.ThrowsAsync<SocketException>(() => WinnerAsync(refusing, "not an address"));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        var unknown = await Assert.ThrowsAsync<SocketException>(() => WinnerAsync("no-such-host.invalid:5000"));
        Assert.NotEqual(SocketError.Success, unknown.SocketErrorCode);
        await Assert.ThrowsAsync<SocketException>(() => WinnerAsync("not an address"));
    }

    [Fact]
    public async Task It_ends_when_it_is_cancelled()
    {
        using var silent = await SilentPort.OpenAsync();
        using var stop = new CancellationTokenSource();
        var race = AddressRace.ConnectAsync([silent.Address], [], NoRelay, TimeProvider.System, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => race);
    }

    [Fact]
    public async Task More_places_than_are_tried_at_once_wait_for_one_to_fail_and_take_no_processor_meanwhile()
    {
        // One at a time runs here, so that a race that does not wait lets nothing else in.
        var turns = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var time = new ManualTime();
        var tried = new ConcurrentQueue<TaskCompletionSource>();
        var race = InTurn(() => AddressRace.ConnectAsync(
            [.. Enumerable.Range(1, 17).Select(n => $"relay:192.0.2.{n}:7000/{Fingerprint.FromBytes(new byte[20])}")],
            [],
            async (_, _, cancellation) =>
            {
                tried.Enqueue(new TaskCompletionSource());
                await tried.Last().Task.WaitAsync(cancellation);
            },
            time,
            stop.Token)).Unwrap();
        try
        {
            await Eventually.Holds(
                () =>
                {
                    time.Advance(AddressRace.HeadStart);
                    return tried.Count == 16;
                },
                "sixteen are tried");
            await After(() => time.Advance(AddressRace.HeadStart));
            await After(() => Assert.Equal(16, tried.Count));

            tried.First().SetException(new SocketException((int)SocketError.ConnectionRefused));
            await Eventually.Holds(() => tried.Count == 17, "the seventeenth has its turn");
            tried.Last().SetResult();
            var (socket, address) = await race;
            socket.Dispose();
            Assert.StartsWith("relay:192.0.2.17:", address, StringComparison.Ordinal);
        }
        finally
        {
            await stop.CancelAsync();
        }

        Task After(Action act) => InTurn(() =>
        {
            act();
            return true;
        }).WaitAsync(TimeSpan.FromSeconds(10), stop.Token);
        Task<T> InTurn<T>(Func<T> ask) =>
            Task.Factory.StartNew(ask, CancellationToken.None, TaskCreationOptions.None, turns);
    }

    private static Task<string> WinnerAsync(params string[] addresses) => WinnerAsync(TimeProvider.System, addresses);

    private static async Task<string> WinnerAsync(TimeProvider time, params string[] addresses)
    {
        var (socket, address) = await AddressRace.ConnectAsync(
            addresses, [], NoRelay, time, TestContext.Current.CancellationToken);
        using (socket)
            Assert.True(socket.Connected);
        return address;
    }

    private static ValueTask NoRelay(Socket socket, PeerAddress callee, CancellationToken cancellation) =>
        throw new InvalidOperationException($"Nobody named a relay: {callee}.");

    private static Socket Listen(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        socket.Listen();
        return socket;
    }

    private static string AddressOf(Socket listener) => listener.LocalEndPoint!.ToString()!;
}
