using System.Diagnostics;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Bench.Hub;

/// <summary>
/// The hub: a whole node in a process of its own, which dials whom it is told until its input closes.
/// </summary>
internal sealed class HubNode : IAsyncDisposable
{
    private const string Measure = "measure";
    private readonly Process process;

    private HubNode(Process process) => this.process = process;

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime => ProcessorClock.UsedBy(process);

    /// <summary>Its resident memory.</summary>
    public double MemoryMiB => Memory.OfMiB(process);

    /// <summary>The code of the other process.</summary>
    public static async Task<int> RunAsync()
    {
        await using var node = await NodeHost.StartAsync(
            new NodeOptions
            {
                Name = "hub",
                DataFolder = Directory.CreateTempSubdirectory("tallystick-bench-").FullName,
                Temporary = true,
                ListenAddress = "127.0.0.1",
                ListenPort = 0,
                WebPort = 0,
            },
            CancellationToken.None);
        using var client = TallystickClient.OverUnixSocket(node.SocketPath, node.Token);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == Measure)
                Console.WriteLine(LiveBytes());
            else if (line.Split(' ') is [var name, var address])
                await client.AddPeerAsync(new AddPeerRequest(name, address));
        }
        return 0;
    }

    /// <summary>Starts the hub.</summary>
    public static HubNode Start() => new(Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["hub-node"])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!);

    /// <summary>Lets it dial a peer.</summary>
    public Task AddAsync(SmallPeer peer) => process.StandardInput.WriteLineAsync($"{peer.Name} {peer.Address}");

    /// <summary>
    /// Bytes of its objects that were in use when it last collected everything, as it does by itself when it becomes
    /// quiet.
    /// </summary>
    public async Task<long> MeasureAsync()
    {
        await process.StandardInput.WriteLineAsync(Measure);
        return long.Parse(await process.StandardOutput.ReadLineAsync() ?? "0");
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static long LiveBytes()
    {
        var last = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return last.HeapSizeBytes - last.FragmentedBytes;
    }
}
