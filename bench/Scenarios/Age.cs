using System.Diagnostics;
using Tallystick.Bench.Results;

namespace Tallystick.Bench.Scenarios;

/// <summary>What payments, memory and a start cost with a young book and with an old one.</summary>
internal static class Age
{
    private const long Young = 1_000;
    private static readonly int[] Loads = [64, 1_000];

    /// <summary>Makes both books by paying, then measures them in turn.</summary>
    /// <param name="payments">How many the old book has at least.</param>
    /// <param name="kept">A folder where its nodes stay and are used again, or null.</param>
    /// <param name="rounds">How often each is measured.</param>
    /// <param name="seconds">How long each load.</param>
    public static async Task<Section> RunAsync(long payments, string? kept, int rounds, double seconds)
    {
        var report = new Report(
            "age",
            $"Nodes with a young and with an old book in turn; median of {rounds} round(s) of {seconds} s.",
            "Of young");
        var temporary = Directory.CreateTempSubdirectory("tallystick-bench-");
        try
        {
            var old = Path.GetFullPath(kept ?? temporary.CreateSubdirectory("old").FullName);
            var stored = await FillAsync(old, payments);
            var bytes = (Payer: SizeOf(old, "payer"), Paid: SizeOf(old, "paid"));
            // The first round has the compiler's work in it.
            await MeasureAsync(temporary.CreateSubdirectory("warm-up").FullName, 0.5);
            var (young, aged) = (new Ages(), new Ages());
            for (var round = 0; round < rounds; round++)
            {
                var folder = temporary.CreateSubdirectory($"young{round}").FullName;
                await FillAsync(folder, Young);
                young.Add(await MeasureAsync(folder, seconds), await OpenAsync(folder));
                aged.Add(await MeasureAsync(old, seconds), await OpenAsync(old));
            }
            Tell(report, young, aged);
            report.Add("payments in the young and in the old book at the begin", $"{Young:N0}; {stored:N0}");
            report.Add(
                "bytes on the disk for each payment, payer and paid",
                $"{(double)bytes.Payer / stored:0}; {(double)bytes.Paid / stored:0}");
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
        return report.Section;
    }

    private static async Task<long> FillAsync(string folder, long payments)
    {
        await using var pair = await StartAsync(folder);
        var load = pair.Load;
        // A large book by as many at once as give the highest rate, a small one by few.
        var inFlight = payments > Young ? 10_000 : 100;
        while (pair.Payments < payments)
        {
            var figures = await load.RunAsync("fill", inFlight, payments > Young ? 2 : 0.01);
            Console.Error.Write($"\r{pair.Payments:N0} payments, {figures.PerSecond:N0}/s ");
        }
        Console.Error.WriteLine();
        return pair.Payments;
    }

    private static async Task<Measured> MeasureAsync(string folder, double seconds)
    {
        await using var pair = await StartAsync(folder);
        var load = pair.Load;
        await load.RunAsync("warm-up", 64, seconds / 2);
        var figures = new List<Figures>();
        foreach (var inFlight in Loads)
            figures.Add(await load.RunAsync($"{inFlight:N0} in flight", inFlight, seconds));
        return new Measured([.. figures], pair.Peer.MemoryMiB);
    }

    private static Task<Pair> StartAsync(string folder) => Pair.StartAsync(
        Directory.CreateDirectory(Path.Combine(folder, "payer")).FullName,
        Directory.CreateDirectory(Path.Combine(folder, "paid")).FullName);

    /// <summary>A process that opens the payer's book: until it is ready, and its memory then.</summary>
    private static async Task<Opened> OpenAsync(string folder)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, ["open", Path.Combine(folder, "payer")])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            })!;
        var said = (await process.StandardOutput.ReadToEndAsync()).Split(' ');
        await process.WaitForExitAsync();
        return new Opened(double.Parse(said[0]), double.Parse(said[1]));
    }

    private static void Tell(Report report, Ages young, Ages aged)
    {
        for (var i = 0; i < Loads.Length; i++)
        {
            var (few, many) = (young.Of(i, "young book"), aged.Of(i, "old book"));
            report.Add(Row.Of(few));
            report.Add(Row.Of(many, few));
        }
        report.Add("from process start to ready, ms, young and old", $"{young.ReadyMs:0}; {aged.ReadyMs:0}");
        report.Add("memory of an idle payer, MiB, young and old", $"{young.IdleMiB:0}; {aged.IdleMiB:0}");
        report.Add("memory of the paid node after it, MiB, young and old", $"{young.PaidMiB:0}; {aged.PaidMiB:0}");
    }

    private static long SizeOf(string folder, string node) =>
        new FileInfo(Path.Combine(folder, node, "book.db")).Length;

    private sealed record Measured(Figures[] Figures, double PaidMiB);

    private sealed record Opened(double ReadyMs, double MemoryMiB);

    /// <summary>What the rounds with one kind of book gave.</summary>
    private sealed class Ages
    {
        private readonly List<(Measured Load, Opened Open)> rounds = [];

        public double ReadyMs => Row.Median(rounds.Select(round => round.Open.ReadyMs));

        public double IdleMiB => Row.Median(rounds.Select(round => round.Open.MemoryMiB));

        public double PaidMiB => Row.Median(rounds.Select(round => round.Load.PaidMiB));

        public void Add(Measured load, Opened open) => rounds.Add((load, open));

        public List<Figures> Of(int load, string name) =>
        [
            .. rounds.Select(round => round.Load.Figures[load])
                .Select(figures => figures with { Name = $"{name}, {figures.Name}" }),
        ];
    }
}
