using System.Diagnostics;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Bench.Live;

/// <summary>
/// Another process: a node that serves its pages, and whose person accepts whatever is proposed, until its standard
/// input closes.
/// </summary>
internal sealed class AnsweringPeer : IAsyncDisposable
{
    private readonly Process process;

    private AnsweringPeer(Process process, string address, Uri web, string token, Uri signIn) =>
        (this.process, Address, Web, Token, SignIn) = (process, address, web, token, signIn);

    /// <summary>Where it hears peers.</summary>
    public string Address { get; }

    /// <summary>Where its pages and its API are.</summary>
    public Uri Web { get; }

    /// <summary>What its API wants.</summary>
    public string Token { get; }

    /// <summary>The link that its person opens.</summary>
    public Uri SignIn { get; }

    /// <summary>Its resident memory in MiB.</summary>
    public double MemoryMiB => Memory.OfMiB(process);

    /// <summary>The code of the other process.</summary>
    /// <param name="proposerAddress">Where the proposer hears peers.</param>
    public static async Task<int> RunAsync(string proposerAddress)
    {
        using var stop = new CancellationTokenSource();
        await using var node = await NodeHost.StartAsync(
            new NodeOptions
            {
                Name = "answering",
                DataFolder = Directory.CreateTempSubdirectory("tallystick-bench-").FullName,
                Temporary = true,
                ListenAddress = "127.0.0.1",
                ListenPort = 0,
                Peers = [("proposer", proposerAddress)],
            },
            CancellationToken.None);
        using var client = TallystickClient.OverUnixSocket(node.SocketPath, node.Token);
        var answering = AnswerAsync(client, stop.Token);
        Console.WriteLine($"127.0.0.1:{node.ListenEndPoint!.Port} {node.WebUrl} {node.Token} {node.SignInUrl}");
        await Console.In.ReadToEndAsync();
        await stop.CancelAsync();
        await answering;
        return 0;
    }

    /// <summary>Starts the other process.</summary>
    public static async Task<AnsweringPeer> StartAsync(string proposerAddress)
    {
        var started = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, ["answering-peer", proposerAddress])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return (await started.StandardOutput.ReadLineAsync())?.Split(' ') is [var address, var web, var token, var link]
            ? new AnsweringPeer(started, address, new Uri(web), token, new Uri(link))
            : throw new InvalidOperationException("The other process did not start.");
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task AnswerAsync(TallystickClient client, CancellationToken stop)
    {
        try
        {
            await foreach (var notice in client.NoticesAsync(stop))
            {
                if (notice is { Kind: NoticeKinds.Proposed, Id: { } id })
                    _ = client.AcceptSettlementAsync(id, new AnswerRequest(1, Twins: TwinChoices.Keep), stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }
}
