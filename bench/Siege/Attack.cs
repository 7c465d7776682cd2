using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Bench.Siege;

/// <summary>
/// The process of the attackers. Each worker attacks in a loop, from addresses of this machine that no peer has unless
/// it is told to come from the peers' own.
/// </summary>
internal sealed class Attack(string kind, IPEndPoint target, bool fromPeersAddress) : IDisposable
{
    private const int Idle = 10_000;
    private const int Drippers = 2_000;
    private const int Workers = 8;
    private readonly LinkTls tls = new(TimeProvider.System);
    private long attempts;
    private int nextAddress;

    /// <summary>Attacks until the standard input closes, then says how often.</summary>
    public static async Task<int> RunAsync(string kind, string target, string from)
    {
        using var attack = new Attack(kind, IPEndPoint.Parse(target), from == "peer");
        var workers = kind switch
        {
            "idle" => Idle,
            "drip" => Drippers,
            _ => Workers,
        };
        for (var worker = 0; worker < workers; worker++)
            _ = attack.LoopAsync();
        Console.WriteLine("attacking");
        while (await Console.In.ReadLineAsync() is "count")
        {
            using var self = Process.GetCurrentProcess();
            var line = $"{Interlocked.Read(ref attack.attempts)} {self.TotalProcessorTime.Ticks}";
            Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        }
        // The rest of the process ends with it, in the middle of whatever it does.
        Environment.Exit(0);
        return 0;
    }

    public void Dispose() => tls.Dispose();

    private async Task LoopAsync()
    {
        await Task.Yield();
        while (true)
        {
            try
            {
                if (kind == "burn")
                    Burn();
                else
                    await OnceAsync();
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException
                or System.Security.Authentication.AuthenticationException or ObjectDisposedException
                or LinkRefusedException)
            {
                // It was refused, which is no reason to stop.
            }
            Interlocked.Increment(ref attempts);
        }
    }

    private static void Burn()
    {
        using var one = NodeIdentity.CreateFresh();
        one.Sign(RandomHash.Next());
    }

    private async Task OnceAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // 200 addresses, so that no bound on one address stands for the bound on all.
        var last = 2 + Interlocked.Increment(ref nextAddress) % 200;
        socket.Bind(new IPEndPoint(fromPeersAddress ? IPAddress.Loopback : IPAddress.Parse($"127.0.1.{last}"), 0));
        await socket.ConnectAsync(target);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        switch (kind)
        {
            case "idle":
                await socket.ReceiveAsync(new byte[1], patience.Token);
                break;
            case "garbage":
                await socket.SendAsync(new byte[4_096], patience.Token);
                await socket.ReceiveAsync(new byte[1], patience.Token);
                break;
            case "tls":
                var (stream, _) = await tls.AuthenticateAsync(new NetworkStream(socket), iDial: true, patience.Token);
                await using (stream)
                    _ = await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, patience.Token);
                break;
            case "strangers":
                using (var identity = NodeIdentity.CreateFresh())
                    await ProveAsync(identity, socket, patience.Token);
                break;
            case "drip":
                await DripAsync(socket, patience.Token);
                break;
            default:
                throw new InvalidOperationException($"There is no attack called {kind}.");
        }
    }

    private async Task ProveAsync(NodeIdentity identity, Socket socket, CancellationToken cancellation)
    {
        var self = new LinkSelf(identity, "eve", RandomHash.Next(), 0, tls);
        var handshake = await LinkHandshake.BeginAsync(
            self, new LinkLimits(), new NetworkStream(socket), iDial: true, cancellation);
        await using var stream = handshake.Stream;
        await handshake.ProveAsync(iDial: true, invitation: null, cancellation);
        await handshake.AcceptAsync(cancellation);
    }

    private static async Task DripAsync(Socket socket, CancellationToken cancellation)
    {
        byte[] hello = [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, .. new byte[600]];
        foreach (var one in hello)
        {
            await socket.SendAsync(new[] { one }, cancellation);
            await Task.Delay(100, cancellation);
        }
    }
}
