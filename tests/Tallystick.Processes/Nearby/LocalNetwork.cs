using System.Diagnostics;
using System.Security.Cryptography;
using Tallystick.Processes.Programs;

namespace Tallystick.Processes.Nearby;

/// <summary>
/// Two computers on a network of their own: namespaces of this one, joined by a cable, which nothing else can see.
/// </summary>
internal sealed class LocalNetwork : IDisposable
{
    private readonly string mark = RandomNumberGenerator.GetHexString(6, lowercase: true);

    private LocalNetwork()
    {
    }

    /// <summary>The name of the first computer, at 10.77.0.1.</summary>
    public string One => $"tally-{mark}-1";

    /// <summary>The name of the second, at 10.77.0.2.</summary>
    public string Two => $"tally-{mark}-2";

    /// <summary>Makes one, or skips the test where that may not be done.</summary>
    public static LocalNetwork Make()
    {
        var network = new LocalNetwork();
        var cables = (One: $"t{network.mark}1", Two: $"t{network.mark}2");
        var isMade = Environment.UserName == "root" && File.Exists("/usr/bin/unshare")
            && Run("ip", "netns", "add", network.One) && Run("ip", "netns", "add", network.Two)
            && Run("ip", "link", "add", cables.One, "netns", network.One, "type", "veth",
                "peer", "name", cables.Two, "netns", network.Two)
            && Join(network.One, cables.One, "10.77.0.1/24")
            && Join(network.Two, cables.Two, "10.77.0.2/24");
        if (!isMade)
            network.Dispose();
        Assert.SkipUnless(isMade, "Network namespaces may not be made here (ip netns, as root).");
        return network;
    }

    /// <summary>Skips the test where avahi is not installed.</summary>
    public static void NeedsAvahi() => Assert.SkipUnless(
        File.Exists("/usr/sbin/avahi-daemon") && File.Exists("/usr/bin/avahi-browse")
            && File.Exists("/usr/bin/dbus-daemon"),
        "avahi is not here (Debian's avahi-daemon, avahi-utils and dbus).");

    /// <summary>Starts a node with its shell on one of the two.</summary>
    public static ProgramProcess StartNode(string computer, string name, ScratchFolder scratch, params string[] flags)
    {
        string[] command = ["netns", "exec", computer, .. Tally.Words, "up", "--name", name,
            "--data", scratch.Of(name), "--web", "off", .. flags];
        return ProgramProcess.Start("ip", command);
    }

    /// <summary>A shell on one of the two where avahi runs; all of it ends with the shell.</summary>
    public static async Task<ProgramProcess> StartAvahiAsync(string computer)
    {
        var shell = ProgramProcess.Start(
            "ip", ["netns", "exec", computer, "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh"]);
        await shell.TypeAsync(
            """
            mount -t proc proc /proc
            mount -t tmpfs tmpfs /run
            mkdir -p /run/dbus /run/avahi-daemon
            dbus-daemon --system --fork --nopidfile
            printf '[server]\nuse-ipv6=no\n[publish]\npublish-workstation=no\n' >/run/conf
            avahi-daemon -D -f /run/conf --no-drop-root --no-chroot --no-rlimits --no-proc-title
            echo avahi is up
            """);
        await shell.HearAsync("avahi is up");
        return shell;
    }

    public void Dispose()
    {
        Run("ip", "netns", "delete", One);
        Run("ip", "netns", "delete", Two);
    }

    private static bool Join(string computer, string cable, string address) =>
        Run("ip", "-n", computer, "addr", "add", address, "dev", cable)
        && Run("ip", "-n", computer, "link", "set", "lo", "up")
        && Run("ip", "-n", computer, "link", "set", cable, "up");

    private static bool Run(string file, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(file, arguments)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
