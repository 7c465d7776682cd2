using System.Diagnostics;
using Tallystick.Node.Hosting;

namespace Tallystick.Bench;

/// <summary>The other process: a whole node of its own that is paid until its standard input closes.</summary>
internal sealed class PaidPeer : IAsyncDisposable
{
    private readonly Process process;

    private PaidPeer(Process process, string address) => (this.process, Address) = (process, address);

    /// <summary>Where it hears peers.</summary>
    public string Address { get; }

    /// <summary>Its resident memory in MiB.</summary>
    public double MemoryMiB => Memory.OfMiB(process);

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime => ProcessorClock.UsedBy(process);

    /// <summary>The code of the other process.</summary>
    /// <param name="payerAddress">Where the payer hears peers.</param>
    /// <param name="tabs">How many tabs they have.</param>
    /// <param name="folder">The data folder, or null for one that does not stay.</param>
    /// <param name="relay">The relay through which alone it is reached, or null for a port of its own.</param>
    public static async Task<int> RunAsync(string payerAddress, int tabs, string? folder, string? relay = null)
    {
        await using var node = await NodeHost.StartAsync(
            new NodeOptions
            {
                Name = "paid",
                DataFolder = folder ?? Directory.CreateTempSubdirectory("tallystick-bench-").FullName,
                Temporary = folder is null,
                ListenAddress = "127.0.0.1",
                ListenPort = relay is null ? 0 : null,
                Relays = relay is null ? [] : [relay],
                WebPort = 0,
                Assets = Pair.AssetsOf(tabs),
                Peers = [("payer", payerAddress)],
            },
            CancellationToken.None);
        Console.WriteLine(relay is null
            ? $"127.0.0.1:{node.ListenEndPoint!.Port}"
            : $"relay:{relay}/{node.Fingerprint}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Starts the other process.</summary>
    public static async Task<PaidPeer> StartAsync(
        string payerAddress, int tabs, string? folder, string? relay = null)
    {
        string[] arguments = relay is null
            ? ["peer", payerAddress, $"{tabs}", .. folder is null ? Array.Empty<string>() : [folder]]
            : ["relayed-peer", payerAddress, $"{tabs}", relay];
        var started = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var address = await started.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The other process did not start.");
        return new PaidPeer(started, address);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
