using System.Diagnostics;
using System.Globalization;

namespace Tallystick.Bench.Others;

/// <summary>
/// A double-entry transfer in PostgreSQL, durable (its defaults), by pgbench with eight clients on a cluster that is
/// thrown away. One server, no signatures, no second party.
/// </summary>
internal static class PostgresTransfer
{
    private const int Clients = 8;

    private const string Schema =
        """
        create table account (id integer primary key, balance bigint not null);
        insert into account select i, 0 from generate_series(1, 1000) i;
        create table transfer (id bigserial primary key, debit integer, credit integer, amount bigint);
        create function transfer(a integer, b integer) returns void language plpgsql as $$
        begin
            insert into transfer (debit, credit, amount) values (a, b, 1);
            -- In one order everywhere, so that two transfers never wait for one another.
            update account set balance = balance + case when id = b then 1 else -1 end where id = least(a, b);
            update account set balance = balance + case when id = b then 1 else -1 end where id = greatest(a, b);
        end $$;
        """;

    private const string Script =
        """
        \set a random(1, 500)
        \set b random(501, 1000)
        select transfer(:a, :b);
        """;

    /// <summary>The figures, or null where the server's programs are missing.</summary>
    public static async Task<Figures?> RunAsync(int seconds)
    {
        if (FindServer() is not { } bin)
            return null;
        var folder = Directory.CreateTempSubdirectory("tallystick-postgres-").FullName;
        try
        {
            var (data, script) = (Path.Combine(folder, "data"), Path.Combine(folder, "transfer.sql"));
            await File.WriteAllTextAsync(script, Script);
            // The server refuses to run as root.
            if (Environment.IsPrivilegedProcess)
                await RunAsync("chown", "-R", "postgres", folder);
            await AsServerAsync(Path.Combine(bin, "initdb"), "-D", data, "-A", "trust", "-U", "bench", "--no-sync");
            await AsServerAsync(
                Path.Combine(bin, "pg_ctl"), "-D", data, "-w", "-l", Path.Combine(folder, "log"),
                "-o", $"-k {folder} -h ''", "start");
            try
            {
                await RunAsync("psql", "-h", folder, "-U", "bench", "-d", "postgres", "-q", "-c", Schema);
                var said = await RunAsync(
                    "pgbench", "-h", folder, "-U", "bench", "-n", "-M", "prepared", "-c", $"{Clients}", "-j", "2",
                    "-T", $"{seconds}", "-f", script, "postgres");
                var perSecond = NumberAfter("tps = ", said);
                return new Figures(
                    $"PostgreSQL transfer, {Clients} clients", (long)(perSecond * seconds), perSecond,
                    NumberAfter("latency average = ", said), double.NaN);
            }
            finally
            {
                await AsServerAsync(Path.Combine(bin, "pg_ctl"), "-D", data, "-m", "immediate", "stop");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? FindServer()
    {
        const string debian = "/usr/lib/postgresql";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Concat(
            Directory.Exists(debian)
                ? Directory.GetDirectories(debian).Select(version => Path.Combine(version, "bin"))
                : []);
        return folders.FirstOrDefault(folder =>
            File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private static Task<string> AsServerAsync(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", program, .. arguments])
            : RunAsync(program, arguments);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        })!;
        // A server that was started keeps the pipe open; the program that started it ends.
        var said = program == "pgbench" ? await process.StandardOutput.ReadToEndAsync() : string.Empty;
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? said
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed.");
    }

    private static double NumberAfter(string label, string said)
    {
        var from = said.IndexOf(label, StringComparison.Ordinal) + label.Length;
        var to = said.IndexOfAny([' ', '\n'], from);
        return double.Parse(said.AsSpan(from..to), CultureInfo.InvariantCulture);
    }
}
