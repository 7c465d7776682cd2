using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tallystick.Cli.Shell;

/// <summary>A Unix terminal in raw mode: every byte comes at once and nothing is echoed.</summary>
/// <remarks>
/// Console.ReadKey switches the mode for each key, so that what is pasted quickly is echoed in between, and it knows
/// no bracketed paste. The termios structure is treated as opaque bytes, since its layout differs between systems.
/// </remarks>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixTerminal : KeyTerminal
{
    internal const int StandardInput = 0;
    internal const int AtOnce = 0;

    /// <summary>Larger than the structure on any system.</summary>
    internal const int TermiosBytes = 256;

    private const string PasteBracketsOn = "\e[?2004h";
    private const string PasteBracketsOff = "\e[?2004l";

    private readonly PosixSignalRegistration resized;
    private readonly byte[] original = new byte[TermiosBytes];
    private int restored;

    public UnixTerminal()
    {
        // Registered first: the runtime remembers the terminal's mode when it begins to handle signals.
        resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Resized());
        if (GetAttributes(StandardInput, original) != 0)
            throw new IOException("Standard input is not a terminal.");
        var raw = (byte[])original.Clone();
        MakeRaw(raw);
        KeepOutputMode(raw);
        if (SetAttributes(StandardInput, AtOnce, raw) != 0)
            throw new IOException("The terminal does not change its mode.");
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        Write(PasteBracketsOn);
        StartReading(Read);
    }

    protected override void Close()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        resized.Dispose();
        Restore();
    }

    private void OnExit(object? sender, EventArgs e) => Restore();

    private void Restore()
    {
        if (Interlocked.Exchange(ref restored, 1) != 0)
            return;
        Write(PasteBracketsOff);
        _ = SetAttributes(StandardInput, AtOnce, original);
    }

    private void Read()
    {
        using var input = new FileStream(
            new SafeFileHandle(StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        var decoder = Encoding.UTF8.GetDecoder();
        var reader = new KeyReader();
        var bytes = new byte[4096];
        var characters = new char[4096];
        while (input.Read(bytes) is > 0 and var count)
        {
            var length = decoder.GetChars(bytes, 0, count, characters, 0);
            foreach (var key in reader.Read(new string(characters, 0, length)))
                Pressed(key);
        }
    }

    /// <summary>
    /// Line feeds of others, such as log lines, must still return the carriage: the second field is restored.
    /// </summary>
    private void KeepOutputMode(byte[] raw)
    {
        var fieldBytes = OperatingSystem.IsMacOS() ? 8 : 4;
        Array.Copy(original, fieldBytes, raw, fieldBytes, fieldBytes);
    }

    [DllImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int GetAttributes(int descriptor, [Out] byte[] attributes);

    [DllImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int SetAttributes(int descriptor, int when, [In] byte[] attributes);

    [DllImport("libc", EntryPoint = "cfmakeraw")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void MakeRaw([In, Out] byte[] attributes);
}
