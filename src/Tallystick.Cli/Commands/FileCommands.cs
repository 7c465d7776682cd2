using Tallystick.Cli.Sentences;
using Tallystick.Client;
using Tallystick.Node.Settlements;

namespace Tallystick.Cli.Commands;

/// <summary>Settlements as files on this computer: <c>settle save ID FILE</c> and <c>verify FILE</c>.</summary>
internal static class FileCommands
{
    private const int LongestLine = 600;

    /// <summary>Whether what follows verify is a file and no peer: its name says so, or it is there.</summary>
    public static bool IsFile(string? name) =>
        name is not null
        && (name.AsSpan().ContainsAny('/', '\\')
            || name.EndsWith(".tally", StringComparison.OrdinalIgnoreCase)
            || File.Exists(name));

    /// <summary>Checks a file. It asks no node.</summary>
    public static Answer Verify(string file)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > SettlementFiles.MaxBytes })
                return Refused("bad-file", "This is no file of a settlement: it is too large.");
            var proof = SettlementFiles.Check(File.ReadAllBytes(file));
            var answer = Execution.Done(
                proof,
                () => ContractJson.Default.FileProof,
                found => [.. found.Lines.Select(line => Harmless.Text(line, LongestLine))]);
            return proof.Holds ? answer : answer with { ExitCode = ExitCodes.Refused };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Refused("bad-file", $"The file cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>Writes what proves a settlement into a new file.</summary>
    public static async Task<Answer> SaveAsync(
        TallystickClient client, Command.SaveSettlement save, CancellationToken cancel)
    {
        var bytes = await client.GetSettlementFileAsync(save.Id, cancel);
        try
        {
            // A file that is there already may be another settlement's only copy.
            await using var file = new FileStream(save.File, FileMode.CreateNew, FileAccess.Write);
            await file.WriteAsync(bytes, cancel);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException)
        {
            return Refused("bad-file", $"It was not saved: {unwritable.Message}");
        }
        var saved = new SavedSettlement(save.Id, Path.GetFullPath(save.File), bytes.Length);
        return Execution.Done(saved, () => ContractJson.Default.SavedSettlement, SettlementSentences.Saved);
    }

    private static Answer Refused(string name, string detail) =>
        Execution.Failed(ExitCodes.Refused, new Problem("Refused", 409, detail, name));
}
