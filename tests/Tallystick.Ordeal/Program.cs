using System.Runtime.InteropServices;
using Tallystick.Ordeal;
using Tallystick.Ordeal.Chaos;
using Tallystick.Ordeal.Checking;
using Tallystick.Ordeal.Forgeries;
using Tallystick.Processes.Programs;

const string Usage = """
    Torments four nodes of the built program, then proves from their books that nothing was lost and nothing is twice.

      dotnet run --project tests/Tallystick.Ordeal -- [--kills N] [--seed N] [--previous FOLDER] [--program FOLDER]
                                                      [--self-test] [--keep]
      dotnet run --project tests/Tallystick.Ordeal -- check FOLDER [FOLDER...]
      dotnet run --project tests/Tallystick.Ordeal -- self-test FOLDER

    check: the folder of a run's books, or the data folders of all nodes, none of which may be running.
    self-test: the folder of a run's books that hold; tampers with copies of them, and checks the checker.
    """;

if (args is ["check", .. { Length: > 0 } folders])
    return Check(folders);
if (args is ["self-test", var finished])
    return TestTheChecker(finished, Directory.CreateTempSubdirectory("tally-tampered-").FullName) is null ? 0 : 1;
// Built as this is, in bin/Debug or bin/Release.
var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
var built = Path.Combine(Repository.Root, "src", "Tallystick.Cli", "bin", configuration, "net10.0");
if (!OperatingSystem.IsLinux() || Settings.Read(args, built) is not { } settings)
{
    Console.Error.WriteLine(OperatingSystem.IsLinux() ? Usage : "The ordeal needs Linux.");
    return 2;
}
Machine.GoApart([.. args, "--seed", $"{settings.Seed}"]);
return await TormentAsync(settings);

static int Check(string[] folders)
{
    var proof = folders is [var only] && !BooksCheck.HasBook(only)
        ? BooksCheck.Run(only)
        : BooksCheck.Run(folders, calls: null, balances: null);
    Tell(proof);
    return proof.Holds ? 0 : 1;
}

static void Tell(Proof proof)
{
    const int Most = 40;
    foreach (var finding in proof.Findings.Take(Most))
        Console.WriteLine($"{finding.Kind}: {finding.Text}");
    if (proof.Findings.Count > Most)
        Console.WriteLine($"... and {proof.Findings.Count - Most} more");
    Console.WriteLine(proof);
}

static string? TestTheChecker(string books, string folder)
{
    var (tried, missed) = SelfTest.Run(books, Path.Combine(folder, "tampered"));
    foreach (var one in missed)
        Console.WriteLine($"not reported: {one}");
    Console.WriteLine($"{tried} tampered copies were checked, {missed.Count} were missed");
    return missed.Count == 0 ? null : "the checker misses something";
}

static async Task<int> TormentAsync(Settings settings)
{
    var machine = new Machine();
    machine.Prepare();
    ProgramProcess.Deadline = Trials.Patience;
    var folder = Directory.CreateTempSubdirectory("tally-ordeal-").FullName;
    using var interrupted = new CancellationTokenSource();
    using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
    using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
    Console.WriteLine($"seed {settings.Seed}, {settings.Kills} kills, in {folder}");
    Console.WriteLine(machine);
    var run = new Run(settings, machine, folder, interrupted.Token);
    string? failure = null;
    try
    {
        var proof = await run.RunAsync();
        Console.Write(run.Score.Table(
            settings.Seed,
            proof.Findings.Count(f => f.Kind == Claims.Lost),
            proof.Findings.Count(f => f.Kind == Claims.Twice)));
        Tell(proof);
        failure = proof.Holds ? null : "the books do not hold";
        if (proof.Holds && settings.SelfTest)
            failure = TestTheChecker(run.Books, folder);
    }
    catch (Exception e)
    {
        failure = interrupted.IsCancellationRequested ? "interrupted"
            : e is OrdealFailedException ? e.Message : e.ToString();
    }
    finally
    {
        await run.DisposeAsync();
    }
    if (failure is null && !settings.Keep)
        Directory.Delete(folder, recursive: true);
    if (failure is not null)
        Console.WriteLine($"FAILED with seed {settings.Seed}: {failure}\nThe books are kept in {folder}");
    return failure is null ? 0 : 1;

    void Interrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;
        interrupted.Cancel();
    }
}
