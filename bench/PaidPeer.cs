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
    public double MemoryMiB
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The code of the other process.</summary>
    public static async Task<int> RunAsync(string payerAddress)
    {
        var folder = Directory.CreateTempSubdirectory("tallystick-bench-").FullName;
        await using var node = await NodeHost.StartAsync(
            new NodeOptions
            {
                Name = "paid",
                DataFolder = folder,
                Temporary = true,
                ListenAddress = "127.0.0.1",
                ListenPort = 0,
                WebPort = 0,
                Peers = [("payer", payerAddress)],
            },
            CancellationToken.None);
        Console.WriteLine($"127.0.0.1:{node.ListenEndPoint!.Port}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Starts the other process.</summary>
    public static async Task<PaidPeer> StartAsync(string payerAddress)
    {
        var started = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["peer", payerAddress])
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
