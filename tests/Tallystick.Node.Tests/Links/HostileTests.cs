using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tallystick.Core.Identity;
using Tallystick.Core.Sync;
using Tallystick.Node.Identity;
using Tallystick.Node.Links;

namespace Tallystick.Node.Tests.Links;

/// <summary>Anybody may connect to the port. Whatever they do, the real peer is served meanwhile.</summary>
public sealed class HostileTests
{
    private static readonly LinkLimits Short = new() { HandshakeTime = TimeSpan.FromSeconds(2) };

    public static TheoryData<string> Plain => new(PlainInputs.Keys);

    public static TheoryData<string> Inside => new(InsideInputs.Keys);

    private static Dictionary<string, byte[]> PlainInputs { get; } = new(StringComparer.Ordinal)
    {
        ["garbage"] = [.. Enumerable.Range(0, 4_096).Select(i => (byte)(i * 31 >> 2))],
        ["an HTTP request"] = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ["plain text"] = Encoding.ASCII.GetBytes("send 10 credits\n"),
        ["half a TLS record"] = [22, 3, 1, 64, 0, 1],
        ["a TLS record that claims the most"] = [22, 3, 1, 255, 255, .. new byte[70_000]],
        ["one byte"] = [22],
    };

    private static Dictionary<string, byte[]> InsideInputs { get; } = new(StringComparer.Ordinal)
    {
        ["half a frame"] = [0, 0, 1],
        ["a frame that claims 4 GB"] = [255, 255, 255, 255, 1],
        ["a frame of no length"] = [0, 0, 0, 0],
        ["a frame that is too long before the proof"] = [0, 0, 64, 0, 1, .. new byte[20_000]],
        ["an unknown kind"] = [0, 0, 0, 1, 99],
        ["a question before the greeting"] = LinkingTests.Question(1),
        ["a Bye"] = FrameCodec.Write(new ByeFrame("leaving")),
        ["the greeting of another without its proof"] = StolenGreeting(),
    };

    [Theory]
    [MemberData(nameof(Plain))]
    public Task A_stranger_who_sends(string what) => WhileAPeerIsServed(async alice =>
    {
        using var socket = Connect(alice);
        await socket.SendAsync(PlainInputs[what]);
        await ExpectEnd(new NetworkStream(socket));
    });

    [Theory]
    [MemberData(nameof(Inside))]
    public Task A_stranger_who_sends_inside_TLS(string what) => WhileAPeerIsServed(async alice =>
    {
        await using var stream = await Encrypt(Connect(alice));
        await stream.WriteAsync(InsideInputs[what]);
        await ExpectEnd(stream);
    });

    [Fact]
    public Task A_stranger_who_sends_50_MB_without_sense() => WhileAPeerIsServed(async alice =>
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using (var socket = Connect(alice))
            await SendUntilRefused(new NetworkStream(socket));
        await using (var stream = await Encrypt(Connect(alice)))
            await SendUntilRefused(stream);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20_000_000);
    });

    [Fact]
    public Task A_stranger_without_a_certificate() => WhileAPeerIsServed(async alice =>
    {
        await using var stream = new SslStream(new NetworkStream(Connect(alice), ownsSocket: true));
        await stream.AuthenticateAsClientAsync(ClientOptions(certificate: null));
        await ExpectEnd(stream);
    });

    [Fact]
    public Task A_stranger_who_speaks_an_older_TLS() => WhileAPeerIsServed(async alice =>
    {
        await using var stream = new SslStream(new NetworkStream(Connect(alice), ownsSocket: true));
        var options = ClientOptions(certificate: null);
#pragma warning disable CA5398 // The old version is the test.
        options.EnabledSslProtocols = SslProtocols.Tls12;
#pragma warning restore CA5398
        var cancellation = TestContext.Current.CancellationToken;
        await Assert.ThrowsAnyAsync<Exception>(() => stream.AuthenticateAsClientAsync(options, cancellation));
    });

    [Fact]
    public Task A_reset_in_the_middle() => WhileAPeerIsServed(async alice =>
    {
        for (var i = 0; i < 20; i++)
        {
            using var socket = Connect(alice);
            await socket.SendAsync(new byte[] { 22, 3, 1 });
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
    });

    [Fact]
    public Task A_stranger_who_dribbles_is_cut_off_in_time() => WhileAPeerIsServed(async alice =>
    {
        using var socket = Connect(alice);
        byte[] record = [22, 3, 1, 2, 0, .. new byte[512]];
        var ended = ExpectEnd(new NetworkStream(socket));
        for (var i = 0; i < record.Length && !ended.IsCompleted; i++)
        {
            try
            {
                await socket.SendAsync(record.AsMemory(i, 1));
            }
            catch (SocketException)
            {
                break;
            }
            await Task.WhenAny(ended, Task.Delay(50, TestContext.Current.CancellationToken));
        }
        await ended;
    });

    /// <summary>A real peer exchanges frames before, during and after; then nothing is left of the stranger.</summary>
    private static async Task WhileAPeerIsServed(Func<LinkedNode, Task> attack)
    {
        await using var alice = new LinkedNode(limits: Short);
        await using var bob = new LinkedNode();
        alice.Accept(bob);
        bob.Dial(alice);
        await LinkedNode.AreLinkedAsync(alice, bob);
        var link = bob.LinkTo(alice)!;
        var attacking = attack(alice);
        var sent = 0;
        while (!attacking.IsCompleted)
        {
            link.TrySend(LinkingTests.Question(sent++));
            var expected = sent;
            await Eventually.Holds(() => alice.Frames.Count == expected, "the real peer is served meanwhile");
            await Task.WhenAny(attacking, Task.Delay(5, TestContext.Current.CancellationToken));
        }
        await attacking;
        await Eventually.Holds(() => alice.Hub.UnprovenCount == 0, "nothing is left of the stranger");
        Assert.Same(link, bob.LinkTo(alice));
        Assert.Empty(alice.Knocked);
        Assert.Single(alice.Currents);
    }

    private static Socket Connect(LinkedNode node)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(node.Hub.ListenEndPoint!);
        return socket;
    }

    private static async Task<SslStream> Encrypt(Socket socket)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(ClientOptions(LinkCertificate.Create(TimeProvider.System)));
        return stream;
    }

    private static SslClientAuthenticationOptions ClientOptions(X509Certificate2? certificate) => new()
    {
        TargetHost = "x",
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificates = certificate is null ? [] : [certificate],
#pragma warning disable CA5359 // A stranger trusts anything.
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
    };

    private static byte[] StolenGreeting()
    {
        using var identity = NodeIdentity.CreateFresh();
        var greeting = new Greeting(identity.Key, "eve", Hash.Of("n"u8), Hash.Of("r"u8), 0, 1, 1);
        return [.. FrameCodec.Write(new GreetingFrame(greeting)), .. FrameCodec.Write(new ProofFrame(new byte[64]))];
    }

    private static async Task SendUntilRefused(Stream stream)
    {
        var block = new byte[1 << 20];
        Array.Fill(block, (byte)'x');
        try
        {
            for (var i = 0; i < 50; i++)
                await stream.WriteAsync(block);
        }
        catch (IOException)
        {
            // Refused, as it should be.
        }
    }

    private static async Task ExpectEnd(Stream stream)
    {
        var buffer = new byte[4_096];
        try
        {
            while (await stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(15)) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }
}
