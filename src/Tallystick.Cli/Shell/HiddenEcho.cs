using System.Buffers.Binary;
using System.Runtime.Versioning;

namespace Tallystick.Cli.Shell;

/// <summary>A Unix terminal that shows nothing of what is typed, until this is disposed or the process ends.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class HiddenEcho : IDisposable
{
    private const uint Echo = 8;
    private readonly byte[] original = new byte[UnixTerminal.TermiosBytes];
    private int restored;

    public HiddenEcho()
    {
        if (UnixTerminal.GetAttributes(UnixTerminal.StandardInput, original) != 0)
            throw new IOException("Standard input is not a terminal.");
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        Set(WithoutEcho());
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        Restore();
    }

    // The flag is in the lowest byte of the fourth field, whose width differs between systems.
    private byte[] WithoutEcho()
    {
        var quiet = (byte[])original.Clone();
        var fieldBytes = OperatingSystem.IsMacOS() ? 8 : 4;
        var field = quiet.AsSpan(3 * fieldBytes, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(field, BinaryPrimitives.ReadUInt32LittleEndian(field) & ~Echo);
        return quiet;
    }

    private void OnExit(object? sender, EventArgs e) => Restore();

    private void Restore()
    {
        if (Interlocked.Exchange(ref restored, 1) == 0)
            Set(original);
    }

    private static void Set(byte[] attributes)
    {
        if (UnixTerminal.SetAttributes(UnixTerminal.StandardInput, UnixTerminal.AtOnce, attributes) != 0)
            throw new IOException("The terminal does not change its mode.");
    }
}
