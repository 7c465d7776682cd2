using System.Diagnostics;
using System.Net;
using Tallystick.Node.Links;
using Tallystick.Node.Relays;

namespace Tallystick.Bench.Relays;

/// <summary>
/// A relay in a process of its own until its input closes. All that it meets comes from one address at once, so its
/// limits by address are lifted, and that on bytes, which is far below what it could pass on.
/// </summary>
internal sealed class RelayNode : IAsyncDisposable
{
    private const string Measure = "measure";
    private const double Boundless = 1e12;
    private readonly Process process;

    private RelayNode(Process process, string address) => (this.process, Address) = (process, address);

    /// <summary>HOST:PORT, as nodes are told it.</summary>
    public string Address { get; }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime => ProcessorClock.UsedBy(process);

    /// <summary>Its resident memory.</summary>
    public double MemoryMiB => Memory.OfMiB(process);

    /// <summary>The code of the other process.</summary>
    public static async Task<int> RunAsync()
    {
        var limits = new RelayLimits
        {
            ClientsPerAddress = int.MaxValue,
            BytesPerSecond = Boundless,
            BytesAtOnce = Boundless,
            Port = new LinkLimits
            {
                ArrivalsPerAddressPerSecond = Boundless,
                ArrivalsPerAddressAtOnce = Boundless,
                UnprovenConnectionsPerAddress = int.MaxValue,
                HandshakesAtOnce = Boundless,
            },
        };
        await using var relay = Relay.Start(new IPEndPoint(IPAddress.Loopback, 0), limits, TimeProvider.System);
        Console.WriteLine(relay.ListenEndPoint);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == Measure)
                Console.WriteLine(GC.GetTotalMemory(forceFullCollection: true));
        }
        return 0;
    }

    /// <summary>Starts the relay.</summary>
    public static async Task<RelayNode> StartAsync()
    {
        var started = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["relay-node"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var address = await started.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The relay did not start.");
        return new RelayNode(started, address);
    }

    /// <summary>Bytes of its objects that are in use, after everything else was thrown away.</summary>
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
}
