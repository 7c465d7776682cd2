using System.Diagnostics;
using System.Globalization;
using Tallystick.Node.Hosting;

namespace Tallystick.Bench.Scenarios;

/// <summary>
/// A process that opens a book that is already there, says how long it took since it was started, and ends.
/// </summary>
internal static class OpenedBook
{
    public static async Task<int> RunAsync(string folder)
    {
        await using var node = await NodeHost.StartAsync(
            new NodeOptions { Name = "payer", DataFolder = folder, ListenPort = null, WebPort = 0 },
            CancellationToken.None);
        var ready = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
        var memory = Environment.WorkingSet / 1048576.0;
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{ready} {memory}"));
        return 0;
    }
}
